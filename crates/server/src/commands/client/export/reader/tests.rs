use super::*;

const A: &str = "0198f0a0-0000-7000-8000-00000000000a";
const B: &str = "0198f0a0-0000-7000-8000-00000000000b";
const HEAD: &str = "event_id,revision,note,list_cost_usd,cost_usd,charge_usd\r\n";

/// Three rows of 1, -0.25 and nothing known, in both forms; the end of them.
fn rows(format: Format) -> ([String; 3], String) {
    match format {
        Format::Csv => (
            [
                format!("{A},0,\"a \"\"line\"\"\r\nand another, with a comma\",1,1,1\r\n"),
                format!("{A},1,,-0.25,-0.25,-0.25\r\n"),
                format!("{B},0,\"# complete\",,,\r\n"),
            ],
            "# complete entries=3 list_cost_usd=0.75 cost_usd=0.75 charge_usd=0.75 as_of=2026-11-05T08:00:00Z\r\n"
                .to_owned(),
        ),
        Format::Jsonl => {
            let row = |event: &str, revision: u32, amount: &str| {
                format!(
                    "{{\"event_id\":\"{event}\",\"revision\":{revision},\"usage\":{{\"input\":1}},\"list_cost_usd\":{amount},\
                     \"cost_usd\":{amount},\"charge_usd\":{amount}}}\n"
                )
            };
            (
                [row(A, 0, "\"1\""), row(A, 1, "\"-0.25\""), row(B, 0, "null")],
                "{\"export\":\"complete\",\"entries\":3,\"list_cost_usd\":\"0.75\",\"cost_usd\":\"0.75\",\
                 \"charge_usd\":\"0.75\",\"as_of\":\"2026-11-05T08:00:00Z\"}\n"
                    .to_owned(),
            )
        }
    }
}

fn head(format: Format) -> &'static str {
    match format {
        Format::Csv => HEAD,
        Format::Jsonl => "",
    }
}

fn read(format: Format, text: &str, piece: usize) -> Result<Reader> {
    let mut reader = Reader::new(format);
    for piece in text.as_bytes().chunks(piece) {
        reader.push(piece)?;
    }
    Ok(reader)
}

#[test]
fn an_export_is_complete_with_its_last_line_and_not_before() {
    for format in [Format::Csv, Format::Jsonl] {
        let ([one, two, three], end) = rows(format);
        let text = format!("{}{one}{two}{three}{end}", head(format));
        for piece in [1, 7, 1_000] {
            for length in 0..=text.len() {
                let reader = read(format, &text[..length], piece).unwrap();
                assert_eq!(reader.is_complete(), length == text.len(), "{format:?} {length}");
                assert_eq!(reader.last_line().unwrap().is_some(), length == text.len());
            }
        }
        let reader = read(format, &text, 1_000).unwrap();
        assert_eq!(reader.rows(), 3);
        assert_eq!(reader.last_line().unwrap(), Some(end));
        let last = u64::try_from(text.len()).unwrap();
        assert!(reader.whole() < last);
    }
}

#[test]
fn wherever_it_is_cut_it_goes_on_to_the_same_end() {
    for format in [Format::Csv, Format::Jsonl] {
        let ([one, two, three], end) = rows(format);
        let text = format!("{}{one}{two}{three}{end}", head(format));
        let ends = [(0, 0), (1, one.len()), (2, one.len() + two.len())];
        for length in head(format).len()..text.len() {
            let mut reader = read(format, &text[..length], 5).unwrap();
            let rows = usize::try_from(reader.rows()).unwrap();
            assert_eq!(reader.last().is_some(), rows > 0);
            if !(1..3).contains(&rows) {
                continue;
            }
            let at = head(format).len() + ends[rows].1;
            assert_eq!(reader.whole(), u64::try_from(at).unwrap());
            let revision = ["0", "1"][rows - 1];
            assert_eq!(reader.last(), Some(format!("{A}.{revision}")));
            reader.go_on().unwrap();
            reader.push(&text.as_bytes()[at..text.len() - end.len()]).unwrap();
            let (entries, sum) = [(2, "-0.25"), (1, "0")][rows - 1];
            let rest = end
                .replace("entries=3", &format!("entries={entries}"))
                .replace("\"entries\":3", &format!("\"entries\":{entries}"))
                .replace("0.75", sum);
            reader.push(rest.as_bytes()).unwrap();
            assert_eq!(
                reader.last_line().unwrap().as_ref(),
                Some(&end),
                "{format:?} cut at {length}"
            );
        }
    }
}

#[test]
fn what_no_export_has_is_found() {
    for format in [Format::Csv, Format::Jsonl] {
        let ([one, two, three], end) = rows(format);
        let head = head(format);
        for (text, says) in [
            (format!("{head}{two}{one}"), "row 2 is out of order"),
            (format!("{head}{one}{two}{two}"), "row 3 is out of order"),
            (format!("{head}{one}{three}{end}"), "entries"),
            (
                format!("{head}{one}{two}{three}{end}{three}"),
                "after the last line",
            ),
            (format!("{head}{one}nothing\r\n"), "row 2 is not"),
            (format!("{head}{}", one.replace(A, "x")), "row 1 is not"),
            (format!("{head}{}", two.replace("-0.25", "much")), "row 1 is not"),
            (end.replace("0.75", "many"), "last line is not"),
        ] {
            let error = read(format, &text, 11).unwrap_err().to_string();
            assert!(error.contains(says), "{format:?} {text:?}: {error}");
        }
        assert!(!read(format, &end.replace("entries", "rows"), 11).is_ok_and(|reader| reader.is_complete()));
    }
    let error = read(Format::Csv, "a,b\n1,2\n", 3).unwrap_err().to_string();
    assert!(error.contains("event_id"), "{error}");
}
