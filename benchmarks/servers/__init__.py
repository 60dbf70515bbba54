"""What is compared: servers that pass on what is published, each a module that is run as a program with a port."""
