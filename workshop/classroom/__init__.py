"""A class: learners who join show their instructor what they passed and where they are stuck."""
