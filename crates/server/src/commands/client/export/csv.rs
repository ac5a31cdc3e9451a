//! A record of CSV.

/// Its cells, without quotes.
pub(super) fn cells(record: &str) -> Vec<String> {
    let record = record.strip_suffix('\n').unwrap_or(record);
    let record = record.strip_suffix('\r').unwrap_or(record);
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = record.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    cells.push(cell);
    cells
}

#[cfg(test)]
mod tests {
    use super::cells;

    #[test]
    fn cells_come_out_of_their_quotes() {
        assert_eq!(cells("a,b\r\n"), ["a", "b"]);
        assert_eq!(
            cells("\"a, \"\"b\"\"\r\nc\",,\"\",d\r\n"),
            ["a, \"b\"\r\nc", "", "", "d"]
        );
        assert_eq!(cells(""), [""]);
    }
}
