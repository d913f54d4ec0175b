"""The course on this machine: its folder, its lessons, their originals, the learner's progress."""

from workshop.course.folder import CourseNotFound, course_folder
from workshop.course.runs import run_folder

__all__ = ["CourseNotFound", "course_folder", "run_folder"]
