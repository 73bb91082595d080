"""BERT pretraining that can be stopped anywhere and continues to the bit. Start it with `python -m bertha_train --help`."""
