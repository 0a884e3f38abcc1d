"""The app. Its modules, in the order in which a keystroke travels through them:

1. `registry/` names every command once: its keys, slash word, title and action. `commands` joins them.
2. `bindings` makes Textual's bindings of them, `keymap` puts the user's own keys in their place.
3. `screens/` hold the actions, one screen a file with its styles beside it; the chat is a package, with a
   file for each kind of command.
4. `turn_runner` and `engine_keeper` do what takes time in workers, and only post messages.
5. `state/` turns what came into what is to be seen: plain objects that know nothing of Textual.
6. `widgets/` draw that, one widget a file; each can be run alone (`alone`).

What a model, a tool or a file says goes through `plain` and `markdown` before it is drawn.
"""
