"""A corrected lesson reaches the learner cell by cell, and what the learner wrote stays."""
