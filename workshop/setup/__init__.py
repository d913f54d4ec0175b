"""The course's environment on the machine as it is: its folder, pip, and a stick with everything.

`start.py` imports these before anything is installed: the standard library has to do.
"""
