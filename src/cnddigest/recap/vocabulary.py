"""The words that days, closings, breaks and furniture are known by, per language, as data."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language's words, folded (NFKC, lower case). They are never the only evidence for anything.

    Words stand between bars. In `months` (January first), `weekdays` (Monday first), `numbers` and `ordinals`
    (from 1) each place may have several spellings, with `/` between them. `X` in `about` stands for a name.
    """

    months: str = ""
    weekdays: str = ""
    weekdays_short: str = ""
    day: str = ""
    numbers: str = ""
    ordinals: str = ""
    first_day: str = ""
    last_day: str = ""
    eve: str = ""
    filler: str = ""
    title: str = ""
    front: str = ""
    about: str = ""
    closing: str = ""
    closing_filler: str = ""
    contents: str = ""
    resources: str = ""
    keynote: str = ""
    lightning: str = ""
    panel: str = ""
    label: str = ""  # before a title, as in `Talk: …`
    event: str = ""
    meal: str = ""  # an event that may have a word beside it: `Déjeuner partagé`
    track: str = ""
    room: str = ""  # among the tracks, those that are places
    furniture: str = ""
    related: str = ""  # furniture below which titles of other articles stand
    joins: str = ""
    to: str = ""
    common: str = ""


JAPANESE = Words(
    first_day="初日",
    last_day="最終日",
    eve="前夜祭 | 前日",
    filler="開催 | 当日 | 午前 | 午後 | 分 | 編 | の部 | 目 | カンファレンス | 本編 | 祝",
    title=("まとめ | レポート | レポ | 参加記 | 参加記録 | 聴講 | 感想 | メモ | 記録 | 参加して | 行って | 振り返り"),
    front=(
        "はじめに | まえがき | 前置き | 概要 | イベント概要 | 開催概要 | カンファレンス概要 | "
        "イベントについて | この記事について | 経緯 | 参加の経緯 | 参加したきっかけ | 導入 | 前書き | "
        "基本情報 | イベント情報 | 会場 | 会場の様子"
    ),
    about="Xとは | Xって何 | Xについて | Xの概要",
    closing=(
        "まとめ | おわりに | 終わりに | 終りに | 最後に | さいごに | 感想 | 所感 | 総括 | むすび | 結び | "
        "あとがき | クロージング | 閉会 | 振り返り | ふりかえり | 雑感 | 参加してみて | 参加した感想 | "
        "参加してみての感想 | 後記 | 編集後記 | 全体を通して | 総評 | 締め | "
        "おわり | 終わり | むすびに | 結びに | "
        "おしまい | 締めの言葉 | 謝辞 | お礼 | ふり返り | ひとこと | まとめにかえて | 結びにかえて | "
        "おわりにかえて | まとめに代えて"
    ),
    closing_filler=(
        "全体 | 全体の | 全体を通しての | 全体を通して | イベント | の | と | を | に | して | 参加 | "
        "カンファレンス | 今回の | など | 今年の | 速報 | 日間 | 二日間 | 三日間 | 両日 | 全日程 | 個人的な | 私の"
    ),
    contents="目次 | もくじ | アジェンダ",
    resources=(
        "資料 | 資料リンク | スライド | 発表資料 | 登壇資料 | 参考 | 参考資料 | 参考リンク | 関連リンク | "
        "リンク | 動画 | アーカイブ | 講演資料"
    ),
    keynote=(
        "基調講演 | キーノート | オープニングキーノート | オープニング基調講演 | クロージング基調講演 | "
        "クロージングキーノート | 特別講演"
    ),
    label="タイトル | 題名 | セッション | セッション名 | 発表 | 講演 | 演題",
    panel="パネル | パネルディスカッション | 座談会 | 招待講演 | ワークショップ | 対談",
    lightning=(
        "ライトニングトーク | lt | lts | lt大会 | lt会 | ltタイム | ライトニングトークス | ライトニングトーク大会"
    ),
    event=(
        "昼食 | 昼休み | 昼休憩 | 休憩 | 懇親会 | ランチ | コーヒーブレイク | 受付 | 開場 | 打ち上げ | "
        "二次会 | 記念撮影 | アフターパーティー | 交流会"
    ),
    meal="昼食 | 昼休み | 昼休憩 | 懇親会 | ランチ | 打ち上げ | 休憩",
    track=(
        "トラック | 会場 | ルーム | ホール | ステージ | 部門 | セッション | 発表 | 講演 | "
        "聴講したセッション | セッション紹介"
    ),
    room="会場 | ルーム | ホール | ステージ | 会議室",
    furniture=(
        "コメント | コメントを投稿 | コメントする | コメントを書く | ログインするとコメントできます | "
        "シェア | シェアする | ツイート | いいね | いいね! | この記事をシェア | この記事に贈られたバッジ | "
        "バッジを贈る | 記事をサポート | サポート | フォロー | フォローする | 次の記事 | 前の記事 | "
        "関連記事 | もっと見る"
    ),
    related="関連記事 | おすすめ記事 | あわせて読みたい | 人気記事 | 最新記事 | 次の記事 | 前の記事",
    joins="・ | 、 | と | および | 及び",
    to="から",
)

ENGLISH = Words(
    months=(
        "january/jan | february/feb | march/mar | april/apr | may | june/jun | july/jul | august/aug | "
        "september/sept/sep | october/oct | november/nov | december/dec"
    ),
    weekdays="monday | tuesday | wednesday | thursday | friday | saturday | sunday",
    weekdays_short="mon | tue/tues | wed | thu/thur/thurs | fri | sat | sun",
    day="day",
    numbers="one | two | three | four | five | six | seven",
    ordinals="first/1st | second/2nd | third/3rd | fourth/4th | fifth/5th",
    first_day="opening day",
    last_day="last day | final day | closing day",
    eve="the evening before | pre-conference day",
    filler=(
        "the | of | event | conference | on | main | summit | main conference | and | workshop | workshops | talks | "
        "morning | afternoon"
    ),
    title=(
        "recap | report | notes | summary | what i learned | impressions | trip report | highlights | "
        "retrospective | conf | conference | summit | days | talk by talk | takeaways | review | roundup | "
        "round-up"
    ),
    front=(
        "introduction | intro | overview | about | about the event | about the conference | "
        "about this post | preface | tl;dr | tldr | background | the venue | venue | why i went | summary | "
        "disclaimer | about these notes | the conference"
    ),
    about="what is X | what's X | about X | what was X",
    closing=(
        "conclusion | conclusions | closing | closing words | closing thoughts | closing remarks | "
        "final thoughts | final words | final remarks | wrapping up | wrap up | wrap-up | summary | "
        "summing up | in closing | to conclude | takeaways | key takeaways | overall | last words | "
        "afterword | afterwards | epilogue | thanks | see you next year | impressions | overall impressions | "
        "parting thoughts | the end | in summary | in conclusion | final notes | afterthoughts | "
        "retrospective | some final thoughts | general impressions | what i took away | what i learned | "
        "what i'd like to try next | what's next | next steps | what i took home | verdict | reflections | "
        "lessons learned | last thoughts | looking back | acknowledgements | thank you | bottom line | my takeaways | "
        "afterwards | after the conference"
    ),
    closing_filler="on | the | conference | event | of | about | my | and | some | a | few | week | weekend",
    contents="contents | table of contents | toc | agenda | in this post | on this page",
    resources=(
        "slides | resources | links | video | recording | recordings | videos | references | "
        "further reading | materials | notes | key points | my thoughts | takeaway | takeaways | abstract | "
        "more | q&a | questions | slides and video | speaker deck | speakerdeck | youtube | slideshare | docswell | "
        "google slides | vimeo"
    ),
    keynote="opening keynote | closing keynote | keynote",
    label="title | talk | session",
    panel="panel | panel discussion | fireside chat | workshop | tutorial | demo",
    lightning="lightning talks | lightning talk | lightnings | lightning round",
    event=(
        "lunch | lunch break | coffee | coffee break | break | breakfast | dinner | party | afterparty | "
        "after party | registration | reception | social | social event | networking | tea | tea break | "
        "drinks | doors open | group photo"
    ),
    meal="lunch | dinner | breakfast",
    track=(
        "track | room | stage | hall | sessions | talks | the talks | the sessions | talk summaries | "
        "session notes | session summaries"
    ),
    room="room | stage | hall | auditorium",
    furniture=(
        "discussion | comments | no comments | leave a comment | leave a reply | log in to comment | "
        "sign in to comment | login to comment | share | share this | tweet | like | likes | "
        "related articles | related posts | subscribe | follow | reply"
    ),
    related="related articles | related posts | you may also like | more from this author | recent posts | read next",
    joins="and | & | ,",
    to="to | until | through",
    common="the | and | of | to | in | is | was | with | that | for | it | are | this | on | we",
)

FRENCH = Words(
    months=(
        "janvier | février/fevrier | mars | avril | mai | juin | juillet | août/aout | septembre | octobre | "
        "novembre | décembre/decembre"
    ),
    weekdays="lundi | mardi | mercredi | jeudi | vendredi | samedi | dimanche",
    day="jour | journée",
    numbers="un | deux | trois | quatre | cinq",
    ordinals="premier/première/1er/1re/1ère | deuxième/second/seconde/2e/2ème | troisième/3e/3ème | quatrième/4e",
    last_day="dernier jour | dernière journée",
    eve="la veille",
    filler="le | la | les | du | de | et | conférence | conférences | ateliers | matin | après-midi",
    title="compte-rendu | compte rendu | retour | notes | bilan | journées",
    front="introduction | présentation | à propos | avant-propos | contexte | préambule",
    about="qu'est-ce que X | c'est quoi X | à propos de X | présentation de X",
    closing=(
        "bilan | conclusion | conclusions | en conclusion | pour conclure | pour finir | mot de la fin | "
        "le mot de la fin | clôture | en résumé | impressions | remerciements | épilogue"
    ),
    closing_filler="le | la | du | de | et | général | mon",
    contents="sommaire | table des matières | programme",
    resources="ressources | liens | diapos | diapositives | vidéo | vidéos | présentation | supports",
    keynote=(
        "keynote d'ouverture | conférence d'ouverture | conférence de clôture | conférence plénière | plénière | "
        "keynote"
    ),
    label="titre",
    panel="table ronde | atelier",
    lightning="conférences éclair | conférence éclair | lightning talks",
    event=(
        "déjeuner | dejeuner | pause | pause café | repas | dîner | apéritif | apéro | accueil | "
        "petit-déjeuner | goûter | soirée"
    ),
    meal="déjeuner | dejeuner | dîner | repas | apéritif",
    track="salle | piste | scène | amphithéâtre | les conférences | conférences",
    room="salle | scène | amphithéâtre",
    furniture=(
        "commentaires | laisser un commentaire | partager | partager cet article | articles similaires | répondre"
    ),
    joins="et | & | ,",
    to="au | à",
    common="le | la | les | et | des | une | est | que | dans | pour | pas | sur | avec | du | qui",
)

GERMAN = Words(
    months=(
        "januar/jänner | februar | märz/maerz | april | mai | juni | juli | august | september | "
        "oktober/okt | november | dezember/dez"
    ),
    weekdays="montag | dienstag | mittwoch | donnerstag | freitag | samstag/sonnabend | sonntag",
    day="tag",
    numbers="eins | zwei | drei | vier",
    ordinals="erster/ersten | zweiter/zweiten | dritter/dritten | vierter/vierten | fünfter/fünften",
    last_day="letzter tag | letzten tag | abschlusstag",
    eve="vorabend",
    filler="der | die | das | am | den | konferenz | vorträge | und | vormittag | nachmittag",
    title="bericht | rückblick | notizen | zusammenfassung | konferenzbericht | tagung",
    front="einleitung | einführung | vorwort | überblick | worum es geht | vorab",
    about="was ist X | über X | was ist die X | was sind X",
    closing=(
        "fazit | schluss | schlusswort | zum schluss | abschluss | zusammenfassung | ausblick | nachwort | "
        "abschließende gedanken"
    ),
    closing_filler="mein | und | das | persönliches | kurzes | ausblick",
    contents="inhalt | inhaltsverzeichnis | programm",
    resources="folien | links | video | aufzeichnung | material | unterlagen",
    keynote="eröffnungsvortrag | abschlussvortrag | eröffnungskeynote | eröffnungs-keynote | keynote",
    label="titel | vortrag",
    panel="podiumsdiskussion | workshop",
    lightning="blitzvorträge | kurzvorträge | lightning talks",
    event=(
        "mittagessen | mittagspause | pause | kaffeepause | abendessen | empfang | frühstück | "
        "registrierung | abendveranstaltung"
    ),
    meal="mittagessen | abendessen | frühstück",
    track="raum | saal | bühne | vorträge | die vorträge",
    room="raum | saal | bühne",
    furniture="kommentare | kommentar schreiben | kommentar hinterlassen | teilen | ähnliche beiträge | antworten",
    joins="und | & | ,",
    to="bis",
    common="der | die | und | das | ist | nicht | ein | eine | mit | auf | wir | den | von | sich | für",
)

NORWEGIAN = Words(
    months=("januar | februar | mars | april | mai | juni | juli | august | september | oktober | november | desember"),
    weekdays=(
        "mandag/måndag | tirsdag/tysdag/tisdag | onsdag | torsdag | fredag | lørdag/laurdag/lördag | "
        "søndag/sundag/söndag"
    ),
    day="dag",
    numbers="én/en | to | tre | fire",
    ordinals="første | andre | tredje | fjerde",
    last_day="siste dag",
    eve="kvelden før",
    filler="den | det | og | konferansen | foredrag | formiddag | ettermiddag",
    title="rapport | oppsummering | notater | konferanse | inntrykk | tilbakeblikk",
    front="innledning | introduksjon | forord | bakgrunn",
    about="hva er X | om X",
    closing=(
        "oppsummering | konklusjon | til slutt | avslutning | oppsummert | takk for nå | etterord | avsluttende tanker"
    ),
    closing_filler="og | en | konferansen | av | min | kort",
    contents="innhold | innholdsfortegnelse | program",
    resources="lysbilder | lenker | video | opptak | ressurser",
    keynote="åpningsforedrag | avslutningsforedrag | åpningskeynote | keynote",
    panel="paneldebatt | panelsamtale",
    lightning="lyntaler | lynforedrag",
    event="lunsj | pause | kaffepause | middag | fest | registrering | frokost",
    meal="lunsj | middag | frokost",
    track="spor | sal | scene | rom | foredragene",
    room="sal | scene | rom",
    furniture="kommentarer | legg igjen en kommentar | del | relaterte innlegg | svar",
    joins="og | & | ,",
    to="til",
    common="og | det | som | ikke | jeg | vi | på | til | med | av | har | var | ble | en | for",
)

LANGUAGES: Mapping[str, Words] = {"ja": JAPANESE, "en": ENGLISH, "fr": FRENCH, "de": GERMAN, "no": NORWEGIAN}

# What a line below a talk's heading begins with, in all languages: `Room: …`, `会場：…`.
DETAILS: Mapping[str, str] = {
    "speaker": (
        "speaker | speakers | presenter | presenters | presented by | "
        "登壇者 | 登壇 | 発表者 | 講演者 | スピーカー | 話者 | "
        "intervenant | intervenants | intervenante | orateur | oratrice | referent | referentin | referenten | "
        "foredragsholder | foredragsholdere"
    ),
    "time": "time | when | 日時 | 時間 | 時刻 | heure | horaire | uhrzeit | zeit | tid | tidspunkt",
    "room": (
        "room | where | stage | hall | 会場 | 場所 | 部屋 | ルーム | ホール | "
        "salle | lieu | raum | saal | rom | sal | sted"
    ),
    "track": "track | トラック | spor | piste | parcours",
    "code": "code | session id | session code | talk id | セッション番号 | セッションid | 講演番号",
    "language": "language | spoken language | 言語 | 使用言語 | 発表言語 | langue | sprache | språk",
    "level": "level | difficulty | レベル | 難易度 | 対象レベル | niveau | nivå",
    "other": (
        "slides | slide | video | url | link | 所属 | 資料 | スライド | 動画 | "
        "diapos | vidéo | folien | lysbilder | opptak"
    ),
}


def listed(words: str) -> tuple[str, ...]:
    """Return the words that stand between bars."""
    return tuple(word.strip() for word in words.split("|") if word.strip())


@cache
def every(kind: str) -> frozenset[str]:
    """Return one kind of word in all languages: a Japanese recap closes with "Conclusion" when its author likes."""
    return frozenset(word for words in LANGUAGES.values() for word in listed(getattr(words, kind)))


@cache
def numbered(kind: str) -> Mapping[str, int]:
    """Map each spelling of `months`, `weekdays`, `numbers`, `ordinals` to its place, from 1."""
    return {
        spelling: place
        for words in LANGUAGES.values()
        for place, spellings in enumerate(listed(getattr(words, kind)), start=1)
        for spelling in spellings.split("/")
    }


def either(words: Iterable[str]) -> str:
    """Return a pattern that matches any of the words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))) + ")"
