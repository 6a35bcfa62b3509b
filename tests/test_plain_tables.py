"""Fixed-width tables whose heads, groups and rows are printed in uncommon ways."""

from assistant.label import Row, Table
from assistant.reading.fixed_width import read_tables
from assistant.reading.plain_lines import split_lines
from assistant.reading.plain_regions import find_regions


def tables(text: str) -> list[Table]:
    lines = split_lines(text)
    return [table for region in find_regions(lines) for table in read_tables(region, lines, 0, lambda *_: False)]


def values(row: Row) -> list[tuple[int, str]]:
    return [(cell.column, cell.text) for cell in row.cells]


def test_a_group_beside_its_first_row_names_the_rows_after_it() -> None:
    (table,) = tables(
        "Table 1: Reactions\n"
        " System Organ Class   Preferred Term     All Grades (%)   Grade 3 (%)   \n"
        " Gastrointestinal disorders  Diarrhea           51               5             \n"
        " Nausea               31                 0             \n"
        " Skin and subcutaneous tissue disorders  Rash               8                1             \n"
    )
    assert [(row.group, row.label, values(row)) for row in table.rows] == [
        (("Gastrointestinal disorders",), "Diarrhea", [(0, "51"), (1, "5")]),
        (("Gastrointestinal disorders",), "Nausea", [(0, "31"), (1, "0")]),
        (("Skin and subcutaneous tissue disorders",), "Rash", [(0, "8"), (1, "1")]),
    ]


def test_a_label_over_its_values_is_one_row() -> None:
    text = (
        "Table 1: Reactions\n"
        " Reaction                 Drug (N = 10) %    Placebo (N = 12) %    \n"
        "                         Nausea            \n"
        "                                           5            6         \n"
        "                         Rash              \n"
        "                                           <1           2         \n"
    )
    (table,) = tables(text)
    assert [(row.label, values(row)) for row in table.rows] == [
        ("Nausea", [(0, "5"), (1, "6")]),
        ("Rash", [(0, "<1"), (1, "2")]),
    ]
    assert text[table.rows[0].start : table.rows[0].end].split() == ["Nausea", "5", "6"]


def test_fused_values_of_several_labels_are_never_offered() -> None:
    (table,) = tables(
        "Table 1: Reactions\n"
        " Reaction                        Drug (N=10)      Placebo (N=12)      \n"
        "  \n"
        " Eye disorders     Diplopia     Blurred vision     Dry eye  211         962            \n"
        " Vascular disorders     Hypertension  1           2              \n"
    )
    assert [(row.group, row.label, values(row)) for row in table.rows] == [
        (("Eye disorders",), "Diplopia Blurred vision Dry eye", []),
        (("Vascular disorders",), "Hypertension", [(0, "1"), (1, "2")]),
    ]


def test_new_heads_half_way_begin_a_table_of_their_own() -> None:
    first, second = tables(
        "Table 1: Hypoglycemia\n"
        " Alone (26 weeks)              Placebo (N=19)     Drug (N=20)     \n"
        " Overall                       5 (26.3)           7 (35.0)        \n"
        " Severe                        0                  1 (5.0)         \n"
        " With insulin (18 weeks)       Placebo (N=56)     Drug (N=57)     \n"
        " Overall                       20 (35.7)          27 (47.4)       \n"
    )
    assert (first.caption, second.caption) == ("Table 1: Hypoglycemia", "Table 1: Hypoglycemia")
    assert [column.header for column in second.columns] == [("Placebo (N=56)",), ("Drug (N=57)",)]
    assert [values(row) for row in second.rows] == [[(0, "20 (35.7)"), (1, "27 (47.4)")]]


def test_heads_that_fit_no_columns_leave_the_table_unresolved() -> None:
    (table,) = tables(
        "Table 1: Changes\n"
        "                    Study 2        Study 1        \n"
        "                    Part I         Part II        \n"
        "                    A N=17    A N=50    B N=50    A N=43    B N=41    \n"
        " Infections         97        27        19        13        5         \n"
        " Pain               25        8         6         3         1         \n"
    )
    assert (table.resolved, table.columns, [row.cells for row in table.rows]) == (False, (), [()] * 5)
    assert table.rows[3].label == "Infections 97 27 19 13 5"


def test_prose_between_tables_is_never_a_row() -> None:
    text = "Table 1 lists reactions of 10 patients.\n\n Nausea was seen in 5 (  5.1  ) of  12.\n\n\n 4  years\n"
    assert tables(text) == []


def headers(table: Table) -> list[tuple[str, ...]]:
    return [column.header for column in table.columns]


def test_a_name_that_begins_over_the_second_column_leaves_out_the_comparator() -> None:
    (table,) = tables(
        "Table 6: Change in Body Weight\n"
        "                                    EXAMPLA          EXAMPLA           \n"
        "                   Placebo          10-16 mg/day     20-24 mg/day     \n"
        "                  n=576            n=481            n=391             \n"
        "  Weight (kg)                                                         \n"
        "  Change from Baseline    -0.1             2.0              2.7               \n"
        "  Gain of 7% or more    4%               12%              18%                 \n"
    )
    assert headers(table) == [
        ("Placebo", "n=576"),
        ("EXAMPLA", "10-16 mg/day", "n=481"),
        ("EXAMPLA", "20-24 mg/day", "n=391"),
    ]


def test_a_title_centered_over_all_columns_heads_the_comparator_too() -> None:
    (table,) = tables(
        "Table 1: Reactions\n"
        "                                   Number (%) of Patients            \n"
        "                   Placebo          Low dose         High dose         \n"
        "  Nausea           4                5                6                 \n"
        "  Rash             1                2                3                 \n"
    )
    assert headers(table) == [
        ("Number (%) of Patients", "Placebo"),
        ("Number (%) of Patients", "Low dose"),
        ("Number (%) of Patients", "High dose"),
    ]


def test_a_stretch_of_time_is_no_head_of_the_row_labels() -> None:
    (table,) = tables(
        "Table 3: Reactions\n"
        " Adverse Reactions                         Baseline to Week 52  Baseline to Week 100   \n"
        "                                            EXAMPLA(N=578)    Control(N=287)    EXAMPLA(N=578)    Control(N=287) \n"
        "  \n"
        " Eye pain                                        9%               6%               11%              9%          \n"
        " Cataract                                        8%               9%               19%              17%         \n"
    )
    assert table.row_head == "Adverse Reactions"
    assert headers(table) == [
        ("Baseline to Week 52", "EXAMPLA (N=578)"),
        ("Baseline to Week 52", "Control (N=287)"),
        ("Baseline to Week 100", "EXAMPLA (N=578)"),
        ("Baseline to Week 100", "Control (N=287)"),
    ]


def test_heads_of_unequal_width_are_told_from_the_names_that_begin_again_under_them() -> None:
    (table,) = tables(
        "Table 5: Change in Body Weight\n"
        "  \n"
        "                     Schizophrenia (6-weeks)  Bipolar (3-weeks)   \n"
        " Placebo             EXAMPLA        Placebo       EXAMPLA5 or 10 mgtwice daily       \n"
        " 5 mgtwice daily     10 mgtwice daily  5 or 10 mgtwice daily      \n"
        " Change from Baseline (kg)  0.0            1.0            0.9             1.1             0.2            1.3         \n"
        " Increase of 7% or more  1.6%           4.4%          4.8%            4.9%            0.5%          5.8%            \n"
    )
    assert headers(table) == [
        ("Schizophrenia (6-weeks)", "Placebo"),
        ("Schizophrenia (6-weeks)", "EXAMPLA", "5 mg twice daily"),
        ("Schizophrenia (6-weeks)", "EXAMPLA", "10 mg twice daily"),
        ("Schizophrenia (6-weeks)", "EXAMPLA", "5 or 10 mg twice daily"),
        ("Bipolar (3-weeks)", "Placebo"),
        ("Bipolar (3-weeks)", "EXAMPLA 5 or 10 mg twice daily"),
    ]


def test_heads_go_on_after_a_blank_and_the_line_of_counts_names_a_group() -> None:
    (table,) = tables(
        "Table 3: Bleeding\n"
        "   Bleeding Endpoint      ADVANCE-3Hip Replacement      ADVANCE-2Knee Replacement     \n"
        "  \n"
        "                  EXAMPLA2.5 mg po bid35 days    Heparin 40 mg qd    EXAMPLA 2.5 mg po bid 12 days    Heparin 40 mg qd \n"
        "  All treated     N=2673           N=2659          N=1501           N=1508         \n"
        "  Major           22 (0.82%)       18 (0.68%)      9 (0.60%)        14 (0.93%)     \n"
        "  Fatal           0                0               0                0              \n"
    )
    assert table.row_head == "Bleeding Endpoint"
    assert headers(table) == [
        ("ADVANCE-3 Hip Replacement", "EXAMPLA 2.5 mg po bid 35 days", "N=2673"),
        ("ADVANCE-3 Hip Replacement", "Heparin 40 mg qd", "N=2659"),
        ("ADVANCE-2 Knee Replacement", "EXAMPLA 2.5 mg po bid 12 days", "N=1501"),
        ("ADVANCE-2 Knee Replacement", "Heparin 40 mg qd", "N=1508"),
    ]
    assert [(row.group, row.label) for row in table.rows] == [(("All treated",), "Major"), (("All treated",), "Fatal")]


def test_the_n_of_a_group_beside_its_name_heads_no_column() -> None:
    (table,) = tables(
        "Table 1: Skin Reactions\n"
        "  Face and Scalp  (n=545)  Exampla gel, 0.015% once daily    \n"
        "  Skin reactions             Any Gradea > Baseline      Grade 4                    \n"
        "                             Exampla gel  (n=274)     Vehicle  (n=271)           Exampla gel  (n=274)      Vehicle  (n=271) \n"
        "  Erythema                   258 (94%)                  69 (25%)                   66 (24%)                   0 (0%)       \n"
        "  Crusting                   220 (80%)                  46 (17%)                   16 (6%)                    0 (0%)       \n"
    )
    assert headers(table) == [
        ("Exampla gel, 0.015% once daily", "Any Gradea > Baseline", "Exampla gel (n=274)"),
        ("Exampla gel, 0.015% once daily", "Any Gradea > Baseline", "Vehicle (n=271)"),
        ("Exampla gel, 0.015% once daily", "Grade 4", "Exampla gel (n=274)"),
        ("Exampla gel, 0.015% once daily", "Grade 4", "Vehicle (n=271)"),
    ]


def test_marks_before_the_value_of_a_single_column_stay_marks() -> None:
    (table,) = tables(
        "Table 1: Reactions\n"
        "   Adverse Reaction           N= 290n (%)               \n"
        " Paresthesias               7 (2%)                      \n"
        " Flushing  1,2              5 (2%)                      \n"
        " Headache                   2 (1%)                      \n"
        "   1  This incidence includes the following terms: flushing, feeling hot.\n"
        "   2  One of these reactions was classified as Grade 3.\n"
    )
    assert [(row.label, values(row), row.marks) for row in table.rows] == [
        ("Paresthesias", [(0, "7 (2%)")], ()),
        ("Flushing", [(0, "5 (2%)")], ("1", "2")),
        ("Headache", [(0, "2 (1%)")], ()),
    ]


def test_an_n_glued_to_its_count_is_cut_off_where_the_percentage_says_where() -> None:
    text = (
        "Table 4: Renal Impairment\n"
        "   Baseline Characteristic        Placebo            EXAMPLA    \n"
        "  \n"
        "  Overall population             n=78513 (1.7%)    n=75 9 (12.0%)    \n"
        "  65 years of age and older      n=1904 (2.1%)     n=20 (1.7%)    \n"
    )
    (table,) = tables(text)
    assert [values(row) for row in table.rows] == [
        [(0, "13 (1.7%)"), (1, "9 (12.0%)")],
        [(0, "4 (2.1%)"), (1, "n=20 (1.7%)")],
    ]
    assert [text[cell.start : cell.end] for cell in table.rows[0].cells] == ["13 (1.7%)", "9 (12.0%)"]


def test_a_table_of_words_stands_under_its_caption_and_a_long_head() -> None:
    (table,) = tables(
        " Table 1 \n"
        "  Age Range           Drug-Placebo Difference in Number of Cases of Suicidality per 1,000 Patients Treated     \n"
        "  \n"
        "                      Increases Compared to Placebo                                          \n"
        "  <18                 14 additional cases                                                    \n"
        "                      Decreases Compared to Placebo                                          \n"
        "  25 to 64            1 fewer case                                                           \n"
    )
    assert table.row_head == "Age Range"
    assert headers(table) == [("Drug-Placebo Difference in Number of Cases of Suicidality per 1,000 Patients Treated",)]
    assert [(row.group, row.label, values(row)) for row in table.rows] == [
        (("Increases Compared to Placebo",), "<18", [(0, "14 additional cases")]),
        (("Decreases Compared to Placebo",), "25 to 64", [(0, "1 fewer case")]),
    ]


def test_marks_apart_by_a_comma_and_a_blank_are_marks() -> None:
    (table,) = tables(
        "Table 1: Reactions\n"
        " Reaction                 Drug (N = 10) %    Placebo (N = 12) %    \n"
        " Skin cancer  d, e        7                  0                     \n"
        " Rash                     5                  1                     \n"
        "   d  Includes carcinoma of the skin.\n"
        "   e  Cases were reported.\n"
    )
    assert [(row.label, row.marks) for row in table.rows] == [("Skin cancer", ("d", "e")), ("Rash", ())]
