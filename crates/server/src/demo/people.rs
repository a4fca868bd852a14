//! The people of the demonstration, named as in the countries of its offices.

/// Given names and family names of one office; anybody may bear any of them.
struct Office {
    given: &'static [&'static str],
    family: &'static [&'static str],
    locale: &'static str,
}

const OFFICES: &[Office] = &[
    Office {
        given: &[
            "Jana", "Petr", "Tereza", "Ondřej", "Lucie", "Jiří", "Šárka", "Vojtěch", "Markéta", "Zdeněk",
        ],
        family: &[
            "Nováková",
            "Svoboda",
            "Dvořáková",
            "Černý",
            "Procházková",
            "Kučera",
            "Veselá",
            "Horák",
            "Němcová",
            "Říha",
        ],
        locale: "cs",
    },
    Office {
        given: &[
            "Anna", "Jürgen", "Sophie", "Lukas", "Heike", "Björn", "Käthe", "Matthias", "Lena", "Uwe",
        ],
        family: &[
            "Müller", "Schäfer", "Weiß", "Köhler", "Groß", "Vogel", "Jäger", "Huber", "Böhm", "Krüger",
        ],
        locale: "de",
    },
    Office {
        given: &[
            "Emma", "Oliver", "Aoife", "Rhys", "Grace", "Callum", "Niamh", "Harriet", "Declan", "Imogen",
        ],
        family: &[
            "Taylor",
            "O'Brien",
            "MacDonald",
            "Hughes",
            "Walsh",
            "Ashworth",
            "Fitzgerald",
            "Price",
            "Okafor",
            "Khan",
        ],
        locale: "en",
    },
    Office {
        given: &[
            "Łukasz",
            "Agnieszka",
            "Grzegorz",
            "Małgorzata",
            "Paweł",
            "Żaneta",
            "Wojciech",
            "Katarzyna",
            "Stanisław",
            "Iwona",
        ],
        family: &[
            "Wójcik",
            "Kowalska",
            "Wiśniewski",
            "Zając",
            "Błaszczyk",
            "Dąbrowska",
            "Szymański",
            "Pająk",
            "Żuk",
            "Lewandowska",
        ],
        locale: "en",
    },
    Office {
        given: &[
            "Élodie",
            "François",
            "Chloé",
            "Thibault",
            "Inès",
            "Gaël",
            "Noémie",
            "Rémi",
            "Maëlle",
            "Jérôme",
        ],
        family: &[
            "Lefèvre",
            "D'Aubigné",
            "Garçon",
            "Béranger",
            "Dupré",
            "Saint-Clair",
            "Noël",
            "Forêt",
            "Chevalier",
            "Pélissier",
        ],
        locale: "en",
    },
    Office {
        given: &[
            "Nguyễn",
            "Trần",
            "Søren",
            "Åsa",
            "José",
            "Begoña",
            "Işıl",
            "Çağla",
            "Αλέξης",
            "Олена",
        ],
        family: &[
            "Văn Minh",
            "Thị Lan",
            "Kierkegaard",
            "Öberg",
            "Núñez",
            "Ibáñez",
            "Yıldız",
            "Öztürk",
            "Παπαδόπουλος",
            "Коваленко",
        ],
        locale: "en",
    },
];

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) user_name: String,
    pub(super) display_name: String,
    pub(super) email: Option<String>,
    pub(super) locale: &'static str,
}

/// The nth person, from 0: names repeat after 600 people, user names never.
pub(super) fn person(nth: usize) -> Option<Person> {
    let office = OFFICES.get(nth.checked_rem(OFFICES.len())?)?;
    let within = nth.checked_div(OFFICES.len())?;
    let given = office.given.get(within % office.given.len())?;
    let family = office
        .family
        .get((within / office.given.len() + within * 3) % office.family.len())?;
    let user_name = format!("{}.{}{}", ascii(given, nth), ascii(family, nth), nth + 1);
    Some(Person {
        // A few have no address, as directories do.
        email: (nth % 37 != 36).then(|| format!("{user_name}@demo.claviger.example")),
        display_name: format!("{given} {family}"),
        locale: office.locale,
        user_name,
    })
}

/// The name as a directory would write it: letters a to z, or a stand-in where none is left.
fn ascii(name: &str, nth: usize) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    let plain: String = name
        .nfd()
        .map(|c| match c {
            'ł' | 'Ł' => 'l',
            'ø' | 'Ø' => 'o',
            'đ' | 'Đ' => 'd',
            'ı' => 'i',
            'ß' => 's',
            other => other.to_ascii_lowercase(),
        })
        .filter(char::is_ascii_lowercase)
        .collect();
    if plain.is_empty() { format!("user{nth}") } else { plain }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::person;

    #[test]
    fn eight_hundred_people_have_user_names_of_their_own() {
        let people: Vec<_> = (0..800).filter_map(person).collect();
        let names: BTreeSet<_> = people.iter().map(|person| person.user_name.clone()).collect();
        assert_eq!(names.len(), 800);
        assert!(names.iter().all(|name| name.is_ascii()));
        assert!(
            people
                .iter()
                .map(|person| &person.display_name)
                .collect::<BTreeSet<_>>()
                .len()
                > 300
        );
    }
}
