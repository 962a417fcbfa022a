from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.faces.face_quality import Clarity, fitness
from kiosk.domain.faces.recognition import Metric, Outcome
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.faces.enrolment import AcceptedPicture, EnrolmentReport, RefusedPicture
from kiosk.services.ports.progress import Progress
from tests.fakes.actors import admin
from tests.fakes.faces.enrolment_bench import GOOD, Bench, StretchedEmbedder, folder_of, read_picture
from tests.fakes.progress import WatchedProgress
from tests.fakes.vision.recognition import MODEL, vector_of
from tests.world.school import SmallSchool


@pytest.fixture
def bench(school: SmallSchool) -> Bench:
    return Bench(school)


@pytest.fixture
def students(school: SmallSchool) -> list[Student]:
    return school.add_course(students=3)[1]


# -- a folder


def test_a_folder_is_enrolled_with_a_word_on_every_picture(
    bench: Bench, students: list[Student], tmp_path: Path
) -> None:
    first, second, third = (student.student_no for student in students)
    folder = folder_of(
        tmp_path / "faces",
        {first: ["1 a", "0", "1 b"], second: ["corrupt", "2+99"], "NOBODY": ["4"], third: ["3"]},
    )
    progress = WatchedProgress()

    report = bench.enrolment.enrol_folder(
        folder, consent_recorded=True, actor=admin("Anna"), progress=progress
    )

    assert report.accepted == (
        AcceptedPicture(first, "0.jpg"),
        AcceptedPicture(first, "2.jpg"),
        AcceptedPicture(third, "0.jpg"),
    )
    assert report.refused == (
        RefusedPicture(first, "1.jpg", "No face was found in it."),
        RefusedPicture(second, "0.jpg", "This is no picture."),
        RefusedPicture(second, "1.jpg", "It shows more than one face."),
        RefusedPicture("NOBODY", "0.jpg", "There is no student with the number NOBODY."),
    )
    assert report.known == ()
    assert progress.seen == [(number, 7) for number in range(1, 8)]


def test_importing_a_folder_again_changes_nothing(
    bench: Bench, students: list[Student], tmp_path: Path
) -> None:
    number = students[0].student_no
    folder = folder_of(tmp_path / "faces", {number: ["1"]})
    bench.enrolment.enrol_folder(folder, consent_recorded=True, actor=admin("Anna"))
    before = bench.audit()

    report = bench.enrolment.enrol_folder(folder, consent_recorded=True, actor=admin("Anna"))

    assert (report.accepted, report.known) == ((), (AcceptedPicture(number, "0.jpg"),))
    assert bench.audit() == before


def test_a_folder_named_in_another_case_belongs_to_the_student(
    bench: Bench, students: list[Student], tmp_path: Path
) -> None:
    folder = folder_of(tmp_path / "faces", {students[0].student_no.lower(): ["1"]})

    report = bench.enrolment.enrol_folder(folder, consent_recorded=True, actor=admin("Anna"))

    assert report.accepted == (AcceptedPicture(students[0].student_no, "0.jpg"),)


def test_without_the_word_that_consent_is_recorded_nobody_new_is_enrolled(
    bench: Bench, students: list[Student], tmp_path: Path
) -> None:
    bench.consent(students[1])
    numbers = [student.student_no for student in students]
    folder = folder_of(tmp_path / "faces", {numbers[0]: ["1"], numbers[1]: ["2"]})

    report = bench.enrolment.enrol_folder(folder, consent_recorded=False, actor=admin("Anna"))

    assert [one.student_no for one in report.accepted] == [numbers[1]]
    assert [(one.student_no, one.reason) for one in report.refused] == [
        (numbers[0], "No consent to face recognition is recorded for this student.")
    ]
    assert bench.consents(students[0]) is None
    assert bench.embedder.embedded == 1


def test_a_withdrawn_consent_is_not_overridden_by_an_import(
    bench: Bench, students: list[Student], tmp_path: Path
) -> None:
    bench.consent(students[0])
    bench.consent(students[0], given=False)
    folder = folder_of(tmp_path / "faces", {students[0].student_no: ["1"]})

    report = bench.enrolment.enrol_folder(folder, consent_recorded=True, actor=admin("Anna"))

    assert [one.reason for one in report.refused] == [
        "No consent to face recognition is recorded for this student."
    ]
    assert bench.consents(students[0]) is False
    assert bench.embedder.embedded == 0


def test_recorded_consent_is_written_down_once_with_who_said_so(
    bench: Bench, students: list[Student], tmp_path: Path
) -> None:
    number = students[0].student_no
    folder = folder_of(tmp_path / "faces", {number: ["1 a", "1 b"]})

    bench.enrolment.enrol_folder(folder, consent_recorded=True, actor=admin("Anna"))

    assert bench.audit().count(("consent.given", number)) == 1
    assert bench.consents(students[0]) is True
    assert bench.consents(students[1]) is None


def test_files_that_are_no_pictures_and_loose_ones_of_nobody_are_named(
    bench: Bench, students: list[Student], tmp_path: Path
) -> None:
    folder = folder_of(tmp_path / "faces", {students[0].student_no: ["1"]})
    (folder / "notes.txt").write_text("hello")
    (folder / "2.jpg").write_text("2")
    (folder / students[0].student_no / "Thumbs.db").write_text("x")

    report = bench.enrolment.enrol_folder(folder, consent_recorded=True, actor=admin("Anna"))

    assert len(report.accepted) == 1
    assert [(one.student_no, one.picture, one.reason) for one in report.refused] == [
        (
            "",
            "notes.txt",
            "It is no picture of a kind that is read: JPEG, PNG, WebP, HEIC, AVIF, TIFF or BMP.",
        ),
        ("2", "2.jpg", "There is no student with the number 2."),
    ]


@pytest.mark.parametrize("make", [False, True])
def test_a_missing_or_empty_folder_says_so(bench: Bench, tmp_path: Path, make: bool) -> None:
    folder = tmp_path / "faces"
    if make:
        (folder / "S001").mkdir(parents=True)

    with pytest.raises(NotFoundError, match="faces"):
        bench.enrolment.enrol_folder(folder, consent_recorded=True, actor=admin("Anna"))


def test_a_folder_with_nothing_to_enrol_says_what_lies_there_instead(bench: Bench, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "faces", {"S001": []})
    (folder / "README").write_text("hello")
    (folder / "S001" / "film.gif").write_bytes(b"GIF89a")

    with pytest.raises(NotFoundError) as caught:
        bench.enrolment.enrol_folder(folder, consent_recorded=True, actor=admin("Anna"))

    assert "S001/film.gif: GIF pictures have too few colours" in caught.value.hint
    assert "README: It is no picture" in caught.value.hint


def test_one_picture_by_number_and_folders_within_are_enrolled(
    bench: Bench, students: list[Student], tmp_path: Path
) -> None:
    folder = folder_of(tmp_path / "faces", {f"{students[0].student_no}/2026": ["1"]})
    (folder / f"{students[1].student_no}.jpg").write_text("2")

    report = bench.enrolment.enrol_folder(folder, consent_recorded=True, actor=admin("Anna"))

    assert report.accepted == (
        AcceptedPicture(students[0].student_no, "2026/0.jpg"),
        AcceptedPicture(students[1].student_no, f"{students[1].student_no}.jpg"),
    )


def test_a_picture_that_cannot_be_opened_is_refused_and_the_rest_goes_on(
    bench: Bench, students: list[Student], tmp_path: Path
) -> None:
    folder = folder_of(tmp_path / "faces", {students[0].student_no: ["1"]})
    (folder / students[0].student_no / "00.jpg").symlink_to(tmp_path / "gone.jpg")

    report = bench.enrolment.enrol_folder(folder, consent_recorded=True, actor=admin("Anna"))

    assert [(one.picture, one.reason) for one in report.refused] == [
        ("00.jpg", "It cannot be read: No such file or directory.")
    ]
    assert len(report.accepted) == 1


# -- one person only


def reasons(report: EnrolmentReport) -> list[tuple[str, str]]:
    return [(one.picture, one.reason) for one in report.refused]


def test_one_wrong_picture_in_a_folder_of_five_becomes_no_template(
    bench: Bench, students: list[Student], tmp_path: Path
) -> None:
    number = students[0].student_no
    folder = folder_of(tmp_path / "faces", {number: ["1 a", "1 b", "2 wrong", "1 c", "1 d"]})

    report = bench.enrolment.enrol_folder(folder, consent_recorded=True, actor=admin("Anna"))

    assert reasons(report) == [("2.jpg", "It does not look like the other pictures.")]
    assert len(report.accepted) == 4
    assert all(np.array_equal(vector, vector_of(1)) for vector in bench.templates(students[0]))
    assert bench.samples(students[0]) == 4


def test_two_pictures_that_disagree_are_both_refused(
    bench: Bench, students: list[Student], tmp_path: Path
) -> None:
    folder = folder_of(tmp_path / "faces", {students[0].student_no: ["1", "2"]})

    report = bench.enrolment.enrol_folder(folder, consent_recorded=True, actor=admin("Anna"))

    assert [one.picture for one in report.refused] == ["0.jpg", "1.jpg"]
    assert all("cannot be told which" in one.reason for one in report.refused)
    assert (report.accepted, bench.samples(students[0])) == ((), 0)


def test_one_file_twice_gives_a_wrong_face_no_second_vote(
    bench: Bench, students: list[Student], tmp_path: Path
) -> None:
    number = students[0].student_no
    folder = folder_of(tmp_path / "faces", {number: ["2 wrong", "2 wrong", "1 a", "1 b"]})

    report = bench.enrolment.enrol_folder(folder, consent_recorded=True, actor=admin("Anna"))

    assert report.accepted == (AcceptedPicture(number, "2.jpg"), AcceptedPicture(number, "3.jpg"))
    assert report.known == (AcceptedPicture(number, "1.jpg"),)
    assert [name for name, _ in reasons(report)] == ["0.jpg"]


def test_a_later_picture_of_somebody_else_is_refused(bench: Bench, students: list[Student]) -> None:
    bench.consent(students[0])
    bench.enrol(students[0], "1 a")
    bench.enrol(students[0], "1 b")

    with pytest.raises(ConflictError, match="does not look like the other pictures"):
        bench.enrol(students[0], "2")
    assert bench.samples(students[0]) == 2


def test_a_second_picture_that_disagrees_with_the_first_is_refused(
    bench: Bench, students: list[Student]
) -> None:
    bench.consent(students[0])
    bench.enrol(students[0], "1")

    with pytest.raises(ConflictError, match="cannot be told"):
        bench.enrol(students[0], "2")


def test_a_wrong_picture_enrolled_earlier_is_reported_and_kept(
    bench: Bench, students: list[Student], tmp_path: Path
) -> None:
    number = students[0].student_no
    bench.consent(students[0])
    bench.enrol(students[0], "2 wrong")
    folder = folder_of(tmp_path / "faces", {number: ["1 a", "1 b", "1 c"]})

    report = bench.enrolment.enrol_folder(folder, consent_recorded=True, actor=admin("Anna"))

    assert len(report.accepted) == 3
    assert [(one.student_no, one.pictures) for one in report.odd] == [(number, 1)]
    assert bench.samples(students[0]) == 4


def test_no_more_than_twelve_pictures_are_kept_and_the_rest_is_said(
    bench: Bench, students: list[Student], tmp_path: Path
) -> None:
    folder = folder_of(tmp_path / "faces", {students[0].student_no: [f"1 {number}" for number in range(15)]})

    report = bench.enrolment.enrol_folder(folder, consent_recorded=True, actor=admin("Anna"))

    assert (len(report.accepted), bench.samples(students[0])) == (12, 12)
    assert {reason for _, reason in reasons(report)} == {
        "12 pictures are kept for one student, and others tell more."
    }


def test_pictures_that_show_nearly_the_same_are_kept_and_it_is_said(
    school: SmallSchool, students: list[Student], tmp_path: Path
) -> None:
    bench = Bench(school, StretchedEmbedder())
    one, two, three = (student.student_no for student in students)
    folder = folder_of(
        tmp_path / "faces", {one: ["1 a 10", "1 b 11"], two: ["2 a 10", "2 b 12"], three: ["3"]}
    )

    report = bench.enrolment.enrol_folder(folder, consent_recorded=True, actor=admin("Anna"))
    again = bench.enrolment.enrol_folder(folder, consent_recorded=True, actor=admin("Anna"))

    assert len(report.accepted) == 5
    assert [(found.student_no, found.reason) for found in report.alike] == [
        (one, "All pictures look nearly the same. One of another day or in other light would help.")
    ]
    assert again.alike == ()


def test_a_picture_is_as_good_as_the_length_of_its_embedding_says_where_the_model_tells_it(
    school: SmallSchool, students: list[Student]
) -> None:
    info = replace(MODEL, metric=Metric.COSINE, clarity=Clarity(poor=1.0, clear=1.2))
    bench = Bench(school, StretchedEmbedder(info))
    bench.consent(students[0])
    for picture, good in (("1 poor 8", 0.5), ("1 fair 11", 0.75), ("1 clear 15", 1.0)):
        shot = bench.enrolment.shots.take(read_picture(picture.encode()), picture.encode())
        assert shot.fitness == pytest.approx(good)
        assert bench.enrol(students[0], picture)
    stored = school.store.read(
        lambda repositories: repositories.faces.templates([students[0].student_id], MODEL.name)
    )
    assert [template.quality for template in stored] == pytest.approx([0.5, 0.75, 1.0])


def test_a_picture_is_as_good_as_it_is_measured_where_lengths_say_nothing(bench: Bench) -> None:
    shot = bench.enrolment.shots.take(read_picture(b"1"), b"1")
    assert shot.fitness == fitness(GOOD)


def test_known_pictures_are_not_embedded_again(bench: Bench, students: list[Student]) -> None:
    bench.consent(students[0])
    bench.enrol(students[0], "1")
    bench.enrol(students[0], "1")

    assert bench.embedder.embedded == 1


def test_consent_withdrawn_in_the_middle_of_a_folder_stops_that_student(
    bench: Bench, students: list[Student], tmp_path: Path
) -> None:
    number = students[0].student_no
    folder = folder_of(tmp_path / "faces", {number: ["1 a", "1 b", "1 c"], students[1].student_no: ["2"]})

    class Withdrawal(Progress):
        def report(self, done: int, total: int) -> None:
            if done == 1:
                bench.consent(students[0], given=False)

    report = bench.enrolment.enrol_folder(
        folder, consent_recorded=True, actor=admin("Anna"), progress=Withdrawal()
    )

    assert [one.student_no for one in report.accepted] == [students[1].student_no]
    assert bench.samples(students[0]) == 0
    assert bench.embedder.embedded == 2  # one before the word, and the other student's


# -- look-alikes


def test_a_person_enrolled_under_two_numbers_is_warned_about_once_and_marked_by_the_face_alone_under_neither(
    bench: Bench, school: SmallSchool, students: list[Student], tmp_path: Path
) -> None:
    course = school.store.read(lambda repositories: repositories.courses.by_code("CS 101"))
    assert course is not None
    one, two, three = students
    first = folder_of(tmp_path / "first", {one.student_no: ["1"], three.student_no: ["3"]})
    second = folder_of(tmp_path / "second", {two.student_no: ["1 again"]})

    before = bench.enrolment.enrol_folder(first, consent_recorded=True, actor=admin("Anna"))
    report = bench.enrolment.enrol_folder(second, consent_recorded=True, actor=admin("Anna"))
    again = bench.enrolment.enrol_folder(second, consent_recorded=True, actor=admin("Anna"))

    assert before.warnings == again.warnings == ()
    (warning,) = report.warnings
    assert (warning.student_no, warning.other_no) == (two.student_no, one.student_no)
    assert warning.same_person
    day = school.clock.now().date()
    recognition = school.galleries.load(course.course_id, on=day, model=MODEL)
    assert recognition.second_factor == {one.student_id, two.student_id}
    assert recognition.judge(recognition.gallery.search(vector_of(1))) is Outcome.AMBIGUOUS
    assert recognition.judge(recognition.gallery.search(vector_of(3))) is Outcome.ACCEPTED
