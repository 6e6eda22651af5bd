"""Few changes worth making: a county looked at again with running care free to move, as a list of steps."""
