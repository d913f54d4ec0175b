"""The columns of the page."""

from workshop.classroom import lessons


def test_lessons_without_exercises_and_broken_ones_are_left_out(course, lesson):
    (found,) = lessons.with_exercises()
    assert (found.key, found.number, found.exercises) == ("2", "02", ("2-1", "2-2"))
    lesson.write_text("{")
    assert lessons.with_exercises() == []


def test_each_lesson_of_the_course_has_a_key_of_its_own():
    found = lessons.with_exercises()
    assert len({lesson.key for lesson in found}) == len(found) > 20
    for lesson in found:
        assert all(number.startswith(f"{lesson.key}-") for number in lesson.exercises)
