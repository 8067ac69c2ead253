/** Cases: nominative, genitive, dative, instrumental, prepositional. */
export type Forms = readonly [string, string, string, string, string];

const CASES = 5;
const forms = (stem: string, ...endings: readonly string[]): Forms => {
  const all = Array.from({ length: CASES }, (_, at) => stem + (endings[at] ?? ""));
  return all as unknown as Forms;
};
const same = (word: string) => forms(word);

/** A surname in Russian and Ukrainian, as people decline it by hand in their letters. */
export interface Surname {
  readonly ru: { readonly man: Forms; readonly woman: Forms };
  readonly uk: { readonly man: Forms; readonly woman: Forms };
}

function possessive(ru: string, uk: string): Surname {
  return {
    ru: { man: forms(ru, "", "а", "у", "ым", "е"), woman: forms(ru, "а", "ой", "ой", "ой", "ой") },
    uk: { man: forms(uk, "", "а", "у", "им", "у"), woman: forms(uk, "а", "ої", "ій", "ою", "ій") },
  };
}

function adjective(ru: string, uk: string): Surname {
  return {
    ru: { man: forms(ru, "ий", "ого", "ому", "им", "ом"), woman: forms(ru, "ая", "ой", "ой", "ой", "ой") },
    uk: { man: forms(uk, "ий", "ого", "ому", "им", "ому"), woman: forms(uk, "а", "ої", "ій", "ою", "ій") },
  };
}

function onO(ru: string, uk: string): Surname {
  return {
    ru: { man: same(`${ru}о`), woman: same(`${ru}о`) },
    uk: { man: forms(uk, "о", "а", "у", "ом", "ові"), woman: same(`${uk}о`) },
  };
}

function consonant(ru: string, uk: string): Surname {
  return {
    ru: { man: forms(ru, "", "а", "у", "ом", "е"), woman: same(ru) },
    uk: { man: forms(uk, "", "а", "ові", "ом", "ові"), woman: same(uk) },
  };
}

function onA(ru: string, uk: string): Surname {
  return {
    ru: { man: forms(ru, "а", "ы", "е", "ой", "е"), woman: forms(ru, "а", "ы", "е", "ой", "е") },
    uk: { man: forms(uk, "а", "и", "і", "ою", "і"), woman: forms(uk, "а", "и", "і", "ою", "і") },
  };
}

export const SURNAMES: readonly Surname[] = [
  ...["Иванов Іванов", "Семёнов Семенов", "Соловьёв Соловйов", "Кузнецов Кузнецов", "Лебедев Лебедєв"],
  ...["Ковалёв Ковальов", "Никитин Нікітін", "Ильин Ільїн", "Голубев Голубєв", "Фёдоров Федоров"],
  ...["Зайцев Зайцев", "Тихонов Тихонов", "Щербаков Щербаков", "Хасанов Хасанов", "Юсупов Юсупов"],
  ...["Яковлев Яковлєв", "Журавлёв Журавльов", "Королёв Корольов", "Гусев Гусєв", "Орлов Орлов", "Мельников Мельников"],
  ...["Григорьев Григор’єв", "Лукьянов Лук’янов", "Ефимов Єфімов", "Абдуллаев Абдуллаєв", "Чайкин Чайкін"],
]
  .map((both) => both.split(" "))
  .map(([ru = "", uk = ""]) => possessive(ru, uk))
  .concat(
    ["Вишневск Вишневськ", "Покровск Покровськ", "Чернышевск Чернишевськ", "Ямпольск Ямпольськ", "Хмельницк Хмельницьк"]
      .map((both) => both.split(" "))
      .map(([ru = "", uk = ""]) => adjective(ru, uk)),
    ["Шевченк Шевченк", "Сидоренк Сидоренк", "Юрченк Юрченк", "Кириленк Кириленк", "Бойк Бойк", "Семенк Семенк"]
      .map((both) => both.split(" "))
      .map(([ru = "", uk = ""]) => onO(ru, uk)),
    ["Ковальчук Ковальчук", "Мельник Мельник", "Гончар Гончар", "Ткачук Ткачук", "Кравчук Кравчук", "Мороз Мороз"]
      .map((both) => both.split(" "))
      .map(([ru = "", uk = ""]) => consonant(ru, uk)),
    ["Сорок Сорок", "Скиб Скиб", "Кочерг Кочерг"]
      .map((both) => both.split(" "))
      .map(([ru = "", uk = ""]) => onA(ru, uk)),
  );

/** A given name: Russian and Ukrainian forms, what it is called at home, and how children are called after a father. */
export interface Given {
  readonly ru: Forms;
  readonly uk: Forms;
  readonly home: string;
  readonly woman: boolean;
  /** Without -ич, -на: `Петров`, `Петрів`. Only of men. */
  readonly father: { readonly ru: string; readonly uk: string };
}

const man = (ru: Forms, uk: Forms, home: string, fatherRu: string, fatherUk: string): Given => ({
  ...{ ru, uk, home, woman: false },
  father: { ru: fatherRu, uk: fatherUk },
});
const woman = (ru: Forms, uk: Forms, home: string): Given => ({
  ru,
  uk,
  home,
  woman: true,
  father: { ru: "", uk: "" },
});
const hard = (stem: string) => forms(stem, "", "а", "у", "ом", "е");
const hardUk = (stem: string) => forms(stem, "", "а", "ові", "ом", "ові");
const soft = (stem: string) => forms(stem, "й", "я", "ю", "ем", "е");
const softUk = (stem: string) => forms(stem, "й", "я", "ю", "єм", "єві");
const oUk = (stem: string) => forms(stem, "о", "а", "ові", "ом", "ові");
const a = (stem: string) => forms(stem, "а", "ы", "е", "ой", "е");
const aUk = (stem: string) => forms(stem, "а", "и", "і", "ою", "і");
const ya = (stem: string) => forms(stem, "я", "и", "е", "ей", "е");
const iya = (stem: string) => forms(stem, "ия", "ии", "ии", "ией", "ии");
const iyaUk = (stem: string) => forms(stem, "ія", "ії", "ії", "ією", "ії");

export const MEN: readonly Given[] = [
  man(hard("Иван"), hardUk("Іван"), "Ваня", "Иванов", "Іванов"),
  man(["Пётр", "Петра", "Петру", "Петром", "Петре"], oUk("Петр"), "Петя", "Петров", "Петров"),
  man(soft("Серге"), softUk("Сергі"), "Серёжа", "Сергеев", "Сергійов"),
  man(soft("Алексе"), softUk("Олексі"), "Лёша", "Алексеев", "Олексійов"),
  man(soft("Андре"), softUk("Андрі"), "Андрюша", "Андреев", "Андрійов"),
  man(soft("Никола"), aUk("Микол"), "Коля", "Николаев", "Миколайов"),
  man(hard("Михаил"), oUk("Михайл"), "Миша", "Михайлов", "Михайлов"),
  man(["Павел", "Павла", "Павлу", "Павлом", "Павле"], oUk("Павл"), "Паша", "Павлов", "Павлов"),
  man(hard("Владимир"), hardUk("Володимир"), "Вова", "Владимиров", "Володимиров"),
  man(hard("Александр"), hardUk("Олександр"), "Саша", "Александров", "Олександров"),
  man(soft("Дмитри"), oUk("Дмитр"), "Дима", "Дмитриев", "Дмитров"),
  man(soft("Юри"), softUk("Юрі"), "Юра", "Юрьев", "Юрійов"),
  man(hard("Фёдор"), ["Федір", "Федора", "Федору", "Федором", "Федорові"], "Федя", "Фёдоров", "Федоров"),
  man(hard("Максим"), hardUk("Максим"), "Макс", "Максимов", "Максимов"),
  man(soft("Евгени"), hardUk("Євген"), "Женя", "Евгеньев", "Євгенов"),
  man(hard("Роман"), hardUk("Роман"), "Рома", "Романов", "Романов"),
];

export const WOMEN: readonly Given[] = [
  woman(a("Анн"), aUk("Ганн"), "Аня"),
  woman(a("Елен"), aUk("Олен"), "Лена"),
  woman(iya("Мар"), iyaUk("Мар"), "Маша"),
  woman(a("Екатерин"), aUk("Катерин"), "Катя"),
  woman(iya("Юл"), iyaUk("Юл"), "Юля"),
  woman(ya("Наталь"), iyaUk("Натал"), "Наташа"),
  woman(a("Светлан"), aUk("Світлан"), "Света"),
  woman(["Ольга", "Ольги", "Ольге", "Ольгой", "Ольге"], ["Ольга", "Ольги", "Ользі", "Ольгою", "Ользі"], "Оля"),
];

export const patronymic = {
  ru: (father: string, ofWoman: boolean): Forms =>
    ofWoman ? a(`${father}н`) : forms(`${father}ич`, "", "а", "у", "ем", "е"),
  uk: (father: string, ofWoman: boolean): Forms =>
    ofWoman
      ? aUk(`${father.replace(/[оі]в$/, "ів").replace("йів", "їв")}н`)
      : forms(`${father}ич`, "", "а", "у", "ем", "у"),
};

const TABLES = {
  usual:
    "щ:shch ж:zh х:kh ц:ts ч:ch ш:sh ю:yu я:ya ё:yo э:e й:y ы:y ь: ъ: ’: і:i ї:yi є:ye ґ:g а:a б:b в:v г:g д:d е:e з:z и:i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f",
  passport:
    "щ:shch ж:zh х:kh ц:ts ч:ch ш:sh ю:iu я:ia ё:e э:e й:i ы:y ь: ъ:ie ’: і:i ї:i є:ie ґ:g а:a б:b в:v г:g д:d е:e з:z и:i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f",
};

/** A name in Latin letters, as people write them or as a passport has them. */
export function inLatin(text: string, table: keyof typeof TABLES, ukrainian: boolean): string {
  const letters = new Map(TABLES[table].split(" ").map((pair) => pair.split(":") as [string, string]));
  if (ukrainian) letters.set("и", "y").set("г", "h");
  return Array.from(text, (letter) => {
    const latin = letters.get(letter.toLowerCase());
    if (latin === undefined) return letter;
    return letter === letter.toLowerCase() ? latin : latin.slice(0, 1).toUpperCase() + latin.slice(1);
  }).join("");
}
