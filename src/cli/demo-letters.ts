import { createSubmission, DAY_MS, randomHex } from "../core/index.js";
import { type Answers, defaultForm, writeLetter } from "../form/index.js";
import { loadTexts } from "../locales/index.js";
import { encryptMessage, type Recipient } from "../openpgp/index.js";
import { openFileDrop } from "../store/index.js";

/** A folder of the store for what is being written, as each process that stores has its own. */
const INCOMING = "demonstration";
const LANGUAGE = "ru";
/** The days of arrival go back so far. */
const DAYS = 21;

// Nobody's names: of birds and trees. Lists of lengths without a common divisor, so that few letters are alike.
const FAMILIES = [
  "Снегирёв",
  "Рябинин",
  "Зябликов",
  "Кедров",
  "Сойкин",
  "Ольхин",
  "Чижов",
  "Вязов",
  "Дроздов",
  "Тисов",
  "Стрижов",
];
const NAMES = ["Павел", "Михаил", "Андрей", "Илья", "Тимофей", "Кирилл", "Лев", "Роман", "Степан"];
const PLACES = [
  "СИЗО-1, Екатеринбург",
  "ИК-6, Мелехово",
  "СИЗО-2, Москва",
  "ИК-2, Покров",
  "СИЗО-4, Новосибирск",
  "под подпиской, Томск",
  "ещё неизвестно",
];
const CHARGES = [
  "статья 207.3, часть 2",
  "статья 280.3, часть 1",
  "статья 205.2",
  "статья 207.3, часть 1",
  "статья 354.1",
];
const REQUESTS = [
  "включить в списки на обмен",
  "найти адвоката",
  "помочь выехать детям",
  "передать лекарства: инсулин",
  "посоветовать, что делать",
];
const WRITERS = ["мать", "жена", "сестра", "отец", "друг", "дочь"];
const STORIES = [
  "его забрали в марте из-за нескольких постов. Суд был закрытый, нас не пустили.",
  "ему дали семь лет. Апелляция ничего не изменила. Он пишет, что держится.",
  "третий месяц нет ни одного письма. Передачу вернули без объяснений.",
  "его избили при задержании. Врача к нему не пускают. Справки приложить пока не могу.",
  "он лежит в больнице при колонии. Ему нужны уколы каждый день.",
  "следователь сказал, что скоро будет суд. Адвокат по назначению не отвечает.",
];

/** So many people have been written of. */
const PEOPLE = 34;

function pick(list: readonly string[], index: number): string {
  return list[index % list.length] ?? "";
}

/** The answers of a made-up letter. The last ones are about people of whom others have written. */
function answersOf(index: number): Answers {
  const person = index % PEOPLE;
  const name = `${pick(FAMILIES, person)} ${pick(NAMES, person)}`;
  const writer = pick(WRITERS, index);
  return {
    message: `Здравствуйте. Пишет ${writer}. Мой близкий человек — ${name}: ${pick(STORIES, index)}\nПомогите, пожалуйста.`,
    prisoner: `${name}, ${1955 + ((person * 7) % 50)} года рождения`,
    place: pick(PLACES, person),
    charge: pick(CHARGES, person),
    request: pick(REQUESTS, index),
    writer,
  };
}

/** Stores made-up letters in Russian beside the portal, as if they had come on the days before. @throws StoreError */
export async function storeLetters(folder: string, recipients: readonly Recipient[], count: number): Promise<void> {
  const texts = loadTexts().get(LANGUAGE);
  if (texts === undefined) throw new Error(`there are no texts in ${LANGUAGE}`);
  const now = new Date();
  let day = now;
  const store = await openFileDrop(folder, INCOMING, () => day);
  const form = defaultForm(texts.say);
  const words = { language: LANGUAGE, heading: texts.say("letter-heading"), documents: texts.say("letter-documents") };
  for (let index = 0; index < count; index += 1) {
    const answers = answersOf(index);
    const archive = createSubmission({
      caseId: randomHex(16),
      form: { id: form.id, version: form.version },
      language: LANGUAGE,
      answers,
      letter: writeLetter(form, answers, [], words),
      documents: [],
      encryptedBy: "server",
    });
    day = new Date(now.getTime() - (index % DAYS) * DAY_MS);
    await store.put(await encryptMessage(archive.stream, recipients, now));
  }
}
