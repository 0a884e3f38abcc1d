"""One widget a file. Data comes down through methods and reactives; messages go up."""
