"""A document's language is guessed from its longest blocks, or not at all."""

from __future__ import annotations

import pytest

from cleaner.language import guess_language

SENTENCES = {
    "en": "The old bridge was closed for repairs, and the mayor said that it would open again in spring. Many people have waited for this day.",
    "de": "Die alte Brücke wird nicht vor dem Frühling wieder geöffnet. Der Bürgermeister sagte, dass die Arbeiten mit dem Hochwasser zu tun haben.",
    "nl": "De oude brug wordt voor het voorjaar niet geopend. De burgemeester zei dat het werk nog maanden duurt en dat ook de weg naar het dorp dicht blijft.",
    "sv": "Den gamla bron är stängd och det är inte klart när den öppnar igen. Borgmästaren säger att arbetet har tagit tid, men att vägen kan användas.",
    "fi": "Vanha silta on suljettu ja työt jatkuvat kevääseen. Kaupunginjohtaja sanoi, että silta ei ole vaarallinen, mutta korjaus kestää vuoden tai enemmän.",
    "fr": "Le vieux pont est fermé pour des travaux qui dureront plus longtemps. La mairie a expliqué que les riverains ont été prévenus dans une lettre.",
    "es": "El puente viejo está cerrado por las obras que empezaron en mayo. La alcaldesa dijo que los vecinos han sido avisados y que se abrirá una nueva calle.",
    "pt": "A ponte velha está fechada e não vai abrir antes do verão. O prefeito disse que as obras são mais caras, mas que os moradores foram avisados.",
    "it": "Il vecchio ponte è stato chiuso per lavori che dureranno più del previsto. La sindaca ha detto che gli abitanti della valle sono stati avvisati.",
    "ro": "Podul vechi a fost închis pentru lucrări care vor dura mai mult. Primarul a spus că locuitorii au fost anunțați și că drumul nu va fi deschis.",
    "pl": "Stary most jest zamknięty i nie wiadomo, jak długo to potrwa. Burmistrz powiedział, że prace są trudne, ale droga do wsi oraz szkoła działają.",
    "cs": "Starý most je uzavřen a práce se protáhnou do jara. Starosta řekl, že oprava je dražší, ale cesta do vesnice není zavřená, protože ji lidé potřebují.",
    "hu": "A régi híd zárva van, és nem tudni, hogy mikor nyit meg. A polgármester szerint ez a munka nehéz volt, de az út már járható, csak a busz nem megy.",
    "tr": "Eski köprü onarım için kapatıldı ve bahara kadar açılmayacak. Başkan bu işin çok zor olduğunu, köy yolu ile okulun daha sonra açılacağını söyledi.",
    "id": "Jembatan lama itu ditutup untuk perbaikan dan tidak akan dibuka sampai musim depan. Wali kota mengatakan bahwa pekerjaan ini sulit karena hujan.",
    "vi": "Cây cầu cũ đã đóng cửa để sửa chữa và không được mở lại cho đến mùa xuân. Thị trưởng nói rằng những người dân trong làng đã được báo.",
    "ru": "Старый мост закрыли на ремонт, и он не откроется до весны. Мэр сказал, что работы идут по плану, а жители ждут, как это было и в прошлом году.",
    "uk": "Старий міст закрили на ремонт, і він не відкриється до весни. Мер сказав, що роботи йдуть за планом, а жителі чекають, як це було після повені.",
    "ar": "أغلق الجسر القديم بعد الفيضان الذي ضرب المدينة. قال رئيس البلدية إن العمل في الجسر لم ينته، وأن الطريق إلى القرية مفتوح من الصباح على مدار اليوم.",
    "fa": "پل قدیمی برای تعمیر بسته شد و تا بهار باز نمی‌شود. شهردار گفت که این کار با سیل در پاییز به عقب افتاد و راه روستا را هم باید ساخت.",
    "el": "Η παλιά γέφυρα έκλεισε για έργα. Ο δήμαρχος είπε ότι θα ανοίξει την άνοιξη.",
    "he": "הגשר הישן נסגר לתיקונים. ראש העיר אמר שהוא ייפתח באביב.",
    "hi": "पुराना पुल मरम्मत के लिए बंद है। मेयर ने कहा कि वह वसंत में खुलेगा।",
    "bn": "পুরোনো সেতুটি মেরামতের জন্য বন্ধ। মেয়র বলেছেন এটি বসন্তে খুলবে।",
    "ta": "பழைய பாலம் பழுதுபார்க்க மூடப்பட்டது. அது வசந்த காலத்தில் திறக்கும்.",
    "th": "สะพานเก่าปิดซ่อม นายกเทศมนตรีกล่าวว่าจะเปิดในฤดูใบไม้ผลิ",
    "ja": "古い橋は修理のため閉鎖された。市長は春に開くと述べた。",
    "ko": "낡은 다리가 수리를 위해 닫혔다. 시장은 봄에 다시 열린다고 말했다.",
    "zh": "旧桥因维修而关闭。市长说，它将在春天重新开放。",
}


@pytest.mark.parametrize("lang", SENTENCES)
def test_two_sentences_tell_the_language(lang: str) -> None:
    assert guess_language([SENTENCES[lang]]) == lang


@pytest.mark.parametrize("lang", ["de", "ru", "ja", "ar"])
def test_a_wrong_declaration_does_not_change_what_the_text_says(lang: str) -> None:
    assert guess_language([SENTENCES[lang]], "fr") == lang


def test_the_article_counts_more_than_the_menu() -> None:
    assert guess_language(["Home of the news", "All the sport", SENTENCES["fr"] * 20, "The best of the week and of the month"]) == "fr"


def test_names_in_another_script_change_nothing() -> None:
    assert guess_language([SENTENCES["zh"] + " AP"]) == "zh"
    assert guess_language([SENTENCES["en"] + " (旧桥)"]) == "en"


def test_of_two_languages_the_declared_one_decides() -> None:
    both = [SENTENCES["de"], SENTENCES["fr"]]
    assert guess_language(both) in ("de", "fr")
    assert (guess_language(both, "de"), guess_language(both, "fr")) == ("de", "fr")


def test_too_few_words_say_nothing() -> None:
    assert guess_language([]) == guess_language([""]) == guess_language(["Zip zap"]) == ""
    assert guess_language(["12.05.2031 | 4:2"]) == ""


@pytest.mark.parametrize(("declared", "lang"), [("sv", "sv"), ("nb", "no"), ("iw", "he"), ("hr", "sr")])
def test_where_the_text_says_nothing_the_declared_language_holds(declared: str, lang: str) -> None:
    assert guess_language(["Zip zap"], declared) == lang
