//! The bargaining solutions, as people call them and with what they maximise.

use winset_talks::{Answer, Solution};

use crate::lang::Lang;

/// A bargaining solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bargain {
    /// The largest product of gains.
    Nash,
    /// Equal shares of the ideal gains.
    KalaiSmorodinsky,
    /// Equal gains.
    Egalitarian,
    /// The largest sum of gains.
    Utilitarian,
}

impl Bargain {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Nash,
        Self::KalaiSmorodinsky,
        Self::Egalitarian,
        Self::Utilitarian,
    ];

    /// What it is called.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Nash => lang.of("Nash", "ナッシュ解"),
            Self::KalaiSmorodinsky => lang.of("Kalai–Smorodinsky", "カライ・スモロディンスキー解"),
            Self::Egalitarian => lang.of("egalitarian", "平等主義解"),
            Self::Utilitarian => lang.of("utilitarian", "功利主義解"),
        }
    }

    /// It, among what an answer holds.
    pub fn of(self, answer: &Answer) -> &Solution {
        match self {
            Self::Nash => &answer.nash,
            Self::KalaiSmorodinsky => &answer.kalai_smorodinsky,
            Self::Egalitarian => &answer.egalitarian,
            Self::Utilitarian => &answer.utilitarian,
        }
    }

    /// What is maximised, over what, from where; in English as the engine says it.
    pub fn definition(self, solution: &Solution, lang: Lang) -> &str {
        let ja = match self {
            Self::Nash => {
                "ナッシュ（1950）：ウィンセット内で、合意なしに対する双方の利得の積が最大。同点は全て示す"
            }
            Self::KalaiSmorodinsky => {
                "カライ・スモロディンスキー（1975）、離散型：各当事者の理想利得（ウィンセット内での合意なしに対する最大利得）の達成率について、最小のものを最大に、次に小さいものを最大にする"
            }
            Self::Egalitarian => {
                "平等主義（カライ1977）、離散型：ウィンセット内で、合意なしに対する利得の最小のものを最大に、次に小さいものを最大にする"
            }
            Self::Utilitarian => {
                "功利主義：ウィンセット内で、合意なしに対する双方の利得の和が最大。同点は全て示す"
            }
        };
        lang.of(solution.definition.as_str(), ja)
    }
}
