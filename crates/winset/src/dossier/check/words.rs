//! What people read and type: names that can be typed as `issue=option`, titles that tell options apart.

use winset_io::{Problem, Source};

use super::Check;
use crate::dossier::Text;
use crate::dossier::format::Name;
use crate::lang::Lang;

impl Check<'_> {
    /// The ids and titles of issues and their options.
    pub(super) fn titles(&mut self, source: &Source) {
        let issues = &self.dossier.issues.issue;
        self.told_apart(source, "issue", issues.iter().map(|i| (&i.id, &i.title)));
        for issue in issues {
            let what = format!("option of `{}`", issue.id.get_ref());
            self.told_apart(
                source,
                &what,
                issue.option.iter().map(|o| (&o.id, &o.title)),
            );
        }
    }

    fn told_apart<'n>(
        &mut self,
        source: &Source,
        what: &str,
        all: impl Iterator<Item = (&'n Name, &'n Text)>,
    ) {
        let mut seen: Vec<(&Name, &Text)> = Vec::new();
        for (id, title) in all {
            let name = id.get_ref();
            let untypable = |c: char| c == '=' || c == ',' || c.is_whitespace();
            if name.is_empty() || name.contains(untypable) {
                self.problems.push(
                    Problem::at(source, id.span(), format!("`{name}` cannot be typed as the name of an {what}"))
                        .help("packages are typed as issue=option,issue=option: leave out `=`, `,` and blanks"),
                );
            }
            for lang in [Lang::En, Lang::Ja] {
                let text = title.of(lang);
                if text.trim().is_empty() {
                    self.problems.push(
                        Problem::at(
                            source,
                            id.span(),
                            format!("the {what} `{name}` has no title"),
                        )
                        .help("say in `title` what a minister reads"),
                    );
                    break;
                }
                let twin = |(other, _): &&(&Name, &Text)| other.get_ref() != name;
                if let Some((first, _)) =
                    (seen.iter().filter(twin)).find(|(_, t)| t.of(lang) == text)
                {
                    self.problems.push(
                        Problem::at(
                            source,
                            id.span(),
                            format!(
                                "the {what} `{name}` has the title of `{}`: “{text}”",
                                first.get_ref()
                            ),
                        )
                        .and_at(source, first.span(), "the other")
                        .help("give each a title of its own: people read the title alone"),
                    );
                    break;
                }
            }
            seen.push((id, title));
        }
    }
}
