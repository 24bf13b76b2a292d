"""Bytes nobody meant: what is read from outside, fed with what a search guided by coverage makes up."""
