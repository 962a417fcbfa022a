"""Tables about courses beside `CourseRow`: who teaches them. Rows never leave storage and the queries of services."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from kiosk.storage.database.row import Row


class CourseTeacherRow(Row, table=True):
    """An account that teaches a course."""

    __tablename__ = "course_teachers"
    __table_args__ = (UniqueConstraint("course_id", "user_id"),)

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key="courses.id")
    user_id: int = Field(foreign_key="users.id", index=True)
