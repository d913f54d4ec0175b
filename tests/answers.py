"""What the checks of every lesson are asked: right answers pass, and wrong ones are told why."""

from in_place import IN_PLACE, in_one_buffer, is_function, levelling


def not_written(*given): ...


class Answers:
    """The tests; a module derives `TestAnswers` from it and names its own answers.

    Attributes:
        right: for each check, answers in different styles.
        wrong: for each check, answers that people give, each with what the check has to say; a bar
            stands between two sentences of which one is enough.
        keeping: the checks whose answers have to leave what they are given as it is.
    """

    right: dict
    wrong: dict
    keeping: tuple = ()

    def pytest_generate_tests(self, metafunc):
        """Make a test of each answer."""
        if "says" in metafunc.fixturenames:
            cases = [(check, *case) for check, cases in self.wrong.items() for case in cases]
            names = ("check", "answer", "says")
        elif "answer" in metafunc.fixturenames:
            cases = [(check, answer) for check, answers in self.right.items() for answer in answers]
            names = ("check", "answer")
        elif "style" in metafunc.fixturenames:
            functions = [check for check, (answer, *_) in self.right.items() if is_function(answer)]
            cases = [(check, style) for check in functions for style in IN_PLACE]
            names = ("check", "style")
        else:
            cases, names = [(check,) for check in self.right], ("check",)
        ids = ["-".join(named(part) for part in case[:2]) for case in cases]
        metafunc.parametrize(names, cases, ids=ids)

    def test_right_answers_pass(self, check, answer):
        assert check(answer).passed, check(answer)

    def test_right_answers_may_work_in_place(self, check, style):
        outcome = check(style(self.right[check][0]))
        if check in self.keeping and style is not in_one_buffer:
            assert "given" in outcome.message, outcome
            assert "changed" in outcome.message, outcome
        else:
            assert outcome.passed, outcome

    def test_wrong_answers_are_told_the_distance(self, check, answer, says):
        outcome = check(answer)
        assert outcome.status == "not yet", outcome
        assert any(part in outcome.message for part in says.split("|")), outcome

    def test_what_it_is_compared_with_is_out_of_reach(self, check):
        for number in (0, 1):
            if is_function(answer := self.right[check][0]):
                outcome = check(levelling(answer, number))
                assert outcome.status == "not yet", outcome

    def test_untouched_cells_are_not_attempted(self, check):
        assert check(not_written).status == "not attempted"
        assert check(...).status == "not attempted"


def named(part):
    """A short name of a check or an answer, for the list of tests."""
    return getattr(part, "__name__", type(part).__name__)
