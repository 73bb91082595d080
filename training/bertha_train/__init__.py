"""BERT pretraining that can be stopped anywhere and continues to the bit. See `python -m bertha_train --help`."""
