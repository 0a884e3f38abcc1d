"""Requests where no tool is right, each with a good short answer."""

CHAT_EXAMPLES: tuple[tuple[str, str], ...] = (
    ("Hello!", "Hello! How can I help you today?"),
    ("Hi there", "Hi! What can I do for you?"),
    ("Thank you very much", "You are welcome."),
    ("Who are you?", "I am an assistant that answers questions and uses tools."),
    ("What is the capital of Spain?", "The capital of Spain is Madrid."),
    ("Who wrote Don Quixote?", "Don Quixote was written by Miguel de Cervantes."),
    ("Who painted The Starry Night?", "The Starry Night was painted by Vincent van Gogh."),
    ("Why is the sky blue?", "The sky is blue because air scatters blue light more than red light."),
    ("Explain gravity in one sentence.", "Gravity is the force that pulls objects towards each other."),
    (
        "Explain how a vaccine works.",
        "A vaccine teaches the immune system to know a germ before it meets it.",
    ),
    ("What does the word brave mean?", "Brave means ready to face danger or pain."),
    ("Tell me a short story.", "Once a small fox walked to the sea and found that it sang."),
    ("Write a poem about the sea.", "The sea is wide, the sea is deep, it sings the tired sailors to sleep."),
    ("Tell me a joke.", "Why did the bicycle fall over? It was two tired."),
    ("Give me a name for my dog.", "How about Biscuit?"),
    ("Suggest three ideas for dinner.", "Soup with bread, a vegetable curry, or baked fish."),
    ("Translate good morning into French.", "Good morning is bonjour in French."),
    ("Rewrite this sentence politely: send me the file.", "Could you please send me the file?"),
    ("Summarize the plot of Romeo and Juliet.", "Two young lovers from hostile families die for their love."),
    ("How do I boil an egg?", "Put it in boiling water for eight minutes, then cool it."),
    ("What are the benefits of exercise?", "Exercise strengthens the heart, the muscles and the mood."),
    ("Can you help me write an email?", "Of course. Who is it for, and what should it say?"),
    (
        "What is the difference between a frog and a toad?",
        "Frogs have smooth wet skin, toads dry and bumpy skin.",
    ),
    ("What is photosynthesis?", "Photosynthesis is how plants make sugar from light, water and air."),
)
