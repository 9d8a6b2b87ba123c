"""What other programs export, read as if it were a members file."""

from datetime import date

import pytest

from sync.exports import FIELDS, Guess, Lines, Origin, guess, lines_of
from sync.members_file import COLUMNS
from sync.tables import read_table

TODAY = date(2026, 11, 23)


def lines(text: str, fields: str = "", origin: Origin | None = None) -> Lines:
    table = read_table(text.encode())
    guessed = guess(table.header)
    chosen = tuple(fields.split()) if fields else guessed.fields
    return lines_of(table, chosen, origin or guessed.origin, lambda email: f"<{email}>", TODAY)


def cells(text: str, fields: str = "", origin: Origin | None = None) -> dict[str, str]:
    (line,) = lines(text, fields, origin).lines
    return dict(line.cells)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            "Id,UniqueId,FullName,Email,CompanyName,Position,BusinessArea,ProfileTags,AccessCardId,TariffName,CreatedOn",
            Guess(
                Origin.NEXUDUS,
                ("id", "", "name", "", "company", "trade", "", "interests", "badge", "", "joined"),
            ),
        ),
        (
            "Full name,Email,Company name,Access card id,Tariff name",
            Guess(Origin.NEXUDUS, ("name", "email", "company", "badge", "")),
        ),
        (
            "Member Name*,Email,Company,Location*,Start Date*,Contact Person,Billing Person,End Date",
            Guess(Origin.OFFICERND, ("name", "email", "company", "", "joined", "", "", "active")),
        ),
        (
            "_id,name,email,team,office,status,calculatedStatus,twitterHandle",
            Guess(Origin.OFFICERND, ("id", "name", "", "company", "", "active", "", "")),
        ),
        (
            "id,name,email,company,customer_number,plan_name,starts_at,canceled_to",
            Guess(Origin.COBOT, ("id", "name", "", "company", "", "", "joined", "active")),
        ),
        (
            "Name,Company,Address,Email,Plan Name,Start Date,First Recurring Invoice Date",
            Guess(Origin.COBOT, ("name", "company", "", "email", "", "joined", "")),
        ),
        (
            "Prénom,NOM,Courriel,Société,Métier,Centres d’intérêt",
            Guess(Origin.OTHER, ("first_name", "last_name", "email", "company", "trade", "interests")),
        ),
        ("Nom,E-mail", Guess(Origin.OTHER, ("name", "email"))),
        ("Nombre,Correo,Empresa", Guess(Origin.OTHER, ("name", "email", "company"))),
        ("Nombre,Apellidos,Correo", Guess(Origin.OTHER, ("first_name", "last_name", "email"))),
        (
            "Prénom,Nom,Début,Date d’arrivée,Numéro de badge,Je cherche",
            Guess(Origin.OTHER, ("first_name", "last_name", "joined", "", "badge", "needs")),
        ),
        ("Nom,Courriel,Date d’arrivée", Guess(Origin.OTHER, ("name", "email", "joined"))),
        (
            "Nombre y apellidos,Correo electrónico,Fecha de alta,Razón social,Profesión,Tarjeta",
            Guess(Origin.OTHER, ("name", "email", "joined", "company", "trade", "badge")),
        ),
        ("name,name,first name,,???", Guess(Origin.OTHER, ("name", "", "", "", ""))),
    ],
)
def test_columns_are_recognised(header, expected):
    assert guess(header.split(",")) == expected


def test_every_column_of_our_own_file_is_recognised_but_the_keepers_of_the_place():
    assert guess(COLUMNS).fields == tuple("" if column == "host" else column for column in COLUMNS)
    assert set(FIELDS) >= set(COLUMNS) - {"host"}


def test_a_name_is_made_of_two_halves_where_there_is_no_whole_one():
    assert cells("p,n,e\nLéa,Roy,a@b.c\n", "first_name last_name email")["name"] == "Léa Roy"
    assert cells("w,p,e\nLéa R.,Léa,a@b.c\n", "name first_name email")["name"] == "Léa R."
    assert cells("w,p,e\n,Léa,a@b.c\n", "name first_name email")["name"] == "Léa"


@pytest.mark.parametrize(
    ("email", "known"), [("Lea@B.c", "<lea@b.c>"), (" lea@b.c ", "<lea@b.c>"), ("lea", ""), ("", "")]
)
def test_an_id_is_made_of_an_address(email, known):
    found = cells(f"n,e\nLéa,{email}\n", "name email")
    assert found["id"] == known
    assert "email" not in found


def test_an_id_of_their_own_goes_before_an_address():
    text = "i,n,e\n7,Léa,lea@b.c\n,Bob,bob@b.c\n"
    assert [line.cells["id"] for line in lines(text, "id name email").lines] == ["7", "<bob@b.c>"]


@pytest.mark.parametrize(
    ("days", "read"),
    [
        (["2026-09-15"], ["2026-09-15"]),
        (["2026-09-15 09:30", "2026-09-16T08:00:00Z"], ["2026-09-15", "2026-09-16"]),
        (["15/09/2026", "1/2/2026"], ["2026-09-15", "2026-02-01"]),
        (["09/15/2026", "1/2/2026 10:00"], ["2026-09-15", "2026-01-02"]),
        (["15.09.2026"], ["2026-09-15"]),
        (["1/2/2026"], ["1/2/2026"]),
        (["15/09/2026", "09/15/2026"], ["15/09/2026", "09/15/2026"]),
        (["soon", ""], ["soon", ""]),
    ],
)
def test_a_day_is_read_where_the_column_says_which_way_it_is_written(days, read):
    text = "i,n,d\n" + "".join(f"{number},x,{day}\n" for number, day in enumerate(days))
    assert [line.cells["joined"] for line in lines(text, "id name joined").lines] == read


@pytest.mark.parametrize(
    ("said", "stays"),
    [
        ("", True),
        ("True", True),
        ("active", True),
        ("2027-01-01", True),
        ("2026-11-23", True),
        ("2026-11-22", False),
        ("2026-11-22T00:00:00Z", False),
        ("former", False),
        ("FALSE", False),
        ("non", False),
    ],
)
def test_who_is_no_longer_a_member_is_left_out(said, stays):
    found = lines(f"i,n,a\n7,Léa,{said}\n", "id name active")
    assert (len(found.lines), found.gone) == ((1, 0) if stays else (0, 1))
    assert found.columns == {"id", "name"}


def test_items_are_separated_as_the_other_program_does():
    text = 'i,n,t,b\n7,Léa,"a, b","1,2"\n'
    assert cells(text, "id name interests badge", Origin.NEXUDUS)["interests"] == "a; b"
    assert cells(text, "id name interests badge", Origin.OTHER)["interests"] == "a, b"
    assert cells(text, "id name interests badge", Origin.OTHER)["badge"] == "1;2"
    assert cells('i,n,t\n7,Léa,"a, b;c"\n', "id name interests", Origin.COBOT)["interests"] == "a, b;c"


def test_lines_in_a_cell_are_items_of_a_list_and_one_line_elsewhere():
    text = 'i,n,t\n7,"Léa\nRoy","a\n\nb"\n'
    found = cells(text, "id name interests")
    assert (found["name"], found["interests"]) == ("Léa Roy", "a; b")


def test_empty_and_missing_cells_say_nothing():
    (line,) = lines("i,n,t,c\n7,Léa,\n", "id name trade company").lines
    assert line.blank == {"trade", "company"}
