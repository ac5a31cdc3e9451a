//! Exports that were cut, and go on.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::streams::{chat, settled};
use super::{Shell, command, stderr};
use crate::support::{Setup, both};

/// What lies between: each answer is cut after so many bytes, head included. Its address.
async fn cutting(gateway: &str, cuts: Vec<u64>) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let address = gateway.trim_start_matches("http://").to_owned();
    let passing_on = tokio::spawn(async move {
        for cut in cuts {
            let (mut caller, _) = listener.accept().await.unwrap();
            let mut gateway = TcpStream::connect(&address).await.unwrap();
            let mut request = vec![0; 16 << 10];
            let read = caller.read(&mut request).await.unwrap();
            gateway.write_all(&request[..read]).await.unwrap();
            let mut answer = gateway.take(cut);
            tokio::io::copy(&mut answer, &mut caller).await.unwrap();
        }
    });
    (url, passing_on)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_is_cut_again_and_again_is_the_whole_one_in_the_end() {
    both(|backend| async {
        let setup = Setup::new(backend).await;
        for _ in 0..12 {
            chat(&setup).await;
        }
        settled(&setup, 12).await;
        let dir = setup.data_dir.path();
        let shell = Shell { setup: &setup };
        for format in ["csv", "jsonl"] {
            let whole = format!("whole.{format}");
            shell.ok(&["export", "--format", format, "-o", &whole]).await;
            let whole = std::fs::read_to_string(dir.join(whole)).unwrap();
            let as_of = whole.rsplit("as_of").next().unwrap();
            let as_of = as_of.trim_matches(|mark: char| !mark.is_ascii_alphanumeric());
            let entries = whole.lines().count() - if format == "csv" { 2 } else { 1 };
            // Recorded later, so no part of it.
            chat(&setup).await;

            let bytes = u64::try_from(whole.len()).unwrap();
            // In the head, in the first line, in rows, in the last line.
            let cuts = vec![100, 700, bytes / 4, 900, bytes / 3, 5_000, bytes / 3, u64::MAX];
            let times = cuts.len();
            let (url, passing_on) = cutting(setup.gateway.admin_url(), cuts).await;
            let args = [
                "export", "--resume", "--format", format, "-o", "bill", "--as-of", as_of,
            ];
            for time in 1..=times {
                let output = command(dir, &url, &args).output().await.unwrap();
                let told = stderr(&output);
                let cut = output.status.code() != Some(0);
                assert!(cut || dir.join("bill").exists());
                if !cut {
                    assert!(
                        told.contains(&format!("{entries} entries in bill, complete")),
                        "{told}"
                    );
                    assert!(time > 4, "it was cut {time} times only");
                    break;
                }
                assert_eq!(output.status.code(), Some(3), "{told}");
                assert!(
                    time == 1 || told.contains("--resume continues it"),
                    "{time}: {told}"
                );
                assert!(!dir.join("bill").exists() && time < times, "{told}");
            }
            passing_on.abort();
            let bill = std::fs::read_to_string(dir.join("bill")).unwrap();
            assert!(bill == whole, "{bill}\nis not\n{whole}");
            for left in ["bill.part", "bill.part.json"] {
                assert!(!dir.join(left).exists(), "{left}");
            }
            std::fs::remove_file(dir.join("bill")).unwrap();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_same_export_is_continued() {
    let setup = Setup::new(crate::support::Backend::Sqlite).await;
    for _ in 0..3 {
        chat(&setup).await;
    }
    settled(&setup, 3).await;
    let dir = setup.data_dir.path();
    let shell = Shell { setup: &setup };
    let begin = async || {
        let (url, passing_on) = cutting(setup.gateway.admin_url(), vec![4_500]).await;
        let output = command(dir, &url, &["export", "-o", "bill"])
            .output()
            .await
            .unwrap();
        assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
        passing_on.await.unwrap();
        std::fs::read_to_string(dir.join("bill.part")).unwrap()
    };
    let kept = begin().await;
    assert!(kept.lines().count() >= 2 && kept.ends_with("\r\n"), "{kept}");
    for args in [
        ["export", "--resume", "-o", "bill", "--team", "other"],
        ["export", "--resume", "-o", "bill", "--format", "jsonl"],
    ] {
        let (code, text) = shell.fails(&args).await;
        assert!(
            code == 2 && text.contains("was begun with format=csv"),
            "{code}: {text}"
        );
    }
    // A row that the gateway does not know, one that is there twice, and one that is none.
    let row = kept.lines().nth(1).unwrap();
    let unknown = row.replacen(
        row.split(',').next().unwrap(),
        "ffffffff-0000-7000-8000-000000000003",
        1,
    );
    for (more, code, says) in [
        (format!("{unknown}\r\n"), 1, "no row of this export"),
        (format!("{row}\r\n"), 2, "there twice"),
        ("nonsense\r\n".to_owned(), 2, "begin again"),
    ] {
        std::fs::write(dir.join("bill.part"), kept.clone() + &more).unwrap();
        let (failed, text) = shell.fails(&["export", "--resume", "-o", "bill"]).await;
        assert!(failed == code && text.contains(says), "{failed}: {text}");
    }
    // Half a row is written again, and a file that lacks nothing but its name gets it.
    std::fs::write(dir.join("bill.part"), kept.clone() + &row[..20]).unwrap();
    shell.ok(&["export", "--resume", "-o", "bill"]).await;
    let bill = std::fs::read_to_string(dir.join("bill")).unwrap();
    assert!(bill.starts_with(&kept) && bill.lines().count() == 5, "{bill}");
    begin().await;
    std::fs::write(dir.join("bill.part"), &bill).unwrap();
    shell.ok(&["export", "--resume", "-o", "bill"]).await;
    assert_eq!(std::fs::read_to_string(dir.join("bill")).unwrap(), bill);
    // How it was begun is not known any more.
    begin().await;
    std::fs::remove_file(dir.join("bill.part.json")).unwrap();
    let (code, text) = shell.fails(&["export", "--resume", "-o", "bill"]).await;
    assert!(
        code == 2 && text.contains("remove it and begin again"),
        "{code}: {text}"
    );
    std::fs::remove_file(dir.join("bill.part")).unwrap();
    shell.ok(&["export", "--resume", "-o", "bill"]).await;
    let (code, text) = shell.fails(&["export", "--resume"]).await;
    assert!(code == 2 && text.contains("--output"), "{code}: {text}");
}
