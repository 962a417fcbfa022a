from kiosk.domain.attendance.choices import ProofPolicy
from kiosk.services.attendance.policy_choice import PolicyChoice
from tests.fakes.actors import admin
from tests.world.school import SmallSchool


def test_either_is_usual_and_each_course_remembers_its_own(school: SmallSchool) -> None:
    choice = PolicyChoice(store=school.store, clock=school.clock)
    choice.remember(2, ProofPolicy.BOTH, actor=admin())
    choice.remember(3, ProofPolicy.SPOT_CHECK, actor=admin())
    choice.remember(3, ProofPolicy.EITHER, actor=admin())

    entries = school.store.read(lambda repositories: repositories.audit.entries())
    changes = [(one.action, one.subject, one.detail) for one in reversed(entries)]
    assert changes == [
        ("policy.changed", "#2", "both"),
        ("policy.changed", "#3", "spot_check"),
        ("policy.changed", "#3", "either"),
    ]
    assert choice.presets([1, 2, 3]) == {1: ProofPolicy.EITHER, 2: ProofPolicy.BOTH, 3: ProofPolicy.EITHER}


def test_what_an_older_program_does_not_know_is_the_usual(school: SmallSchool) -> None:
    school.store.write(lambda r: r.school_settings.put("policy.course.1", "thumb"))

    assert PolicyChoice(store=school.store, clock=school.clock).presets([1]) == {1: ProofPolicy.EITHER}
