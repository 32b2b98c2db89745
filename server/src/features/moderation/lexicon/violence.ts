import type { ByLanguage } from './terms.ts'

// Enough by themselves.
export const gore: ByLanguage = {
  en: `disembowel*, eviscerat*, snuff film*, snuff video*, torture porn, gore video*, gory death*, gory murder*, extreme gore, ultra gore, blood and gore, guts spill*, entrails spill*, intestines spill*,
    spilling intestines, brains splatter*, head explod* .. brain*, skull crush* .. brain*, skinned alive, flayed alive, burn* alive .. screaming, dismember* .. body, dismember* .. corpse,
    mutilat* .. body, mutilat* .. corpse, mutilated corpse*, severed head*, severed limb*, severed arm*, chopped up body, decapitated head, decapitated body, torn apart limb from limb,
    tortur* .. to death, beaten to death graphic*, throat slit* .. blood, slit* .. throat, throat .. slit, cannibal* eating human, execution video*`,
  de: `ausgeweidet*, ausweiden, zerstuckelte leiche*, abgetrennter kopf, abgeschlagener kopf, abgehackte gliedmassen, zu tode foltern, zu tode gefoltert, bei lebendigem leib .. hautet,
    gedarme quellen, kehle durchschneid*, die kehle .. durchgeschnitten`,
  fr: `eventre*, demembre*, tete coupee, tetes coupees, torture a mort, torturer a mort, egorge*, egorger, ecorche vif, tripes a l air`,
  es: `destripad*, destripar, descuartiz*, cabeza cortada, cabezas cortadas, torturar hasta la muerte, torturado hasta la muerte, degollar, degollad*, desollad* viv*`,
  it: `sventrat*, sventrare, smembrat*, testa mozzata, teste mozzate, torturare a morte, torturato a morte, sgozzat*, sgozzare, scuoiat* viv*`,
  pt: `estripad*, esquartej*, cabeca cortada, cabecas cortadas, torturar ate a morte, torturado ate a morte, degolar, degolad*, esfolad* viv*`,
  nl: `ontwei*, in stukken gehakt lichaam, afgehakt hoofd, doodmartelen, doodgemarteld*, kelen doorsnijden, keel doorsnijden`,
  pl: `wypatroszon*, wypatroszyc, pocwiartowan*, odcieta glow*, odcietej glow*, torturowac na smierc, poderznac gardlo, podrzynan* gardl*, obdart* ze skory`,
  ru: `выпотрош*, расчлен*, отрубленн* голов*, отрезанн* голов*, пытать до смерти, замучить до смерти, перерезать горло, перерезают горло, содрать кожу`,
  tr: `bagirsaklar* .. cikar*, kesik bas, kesik kafa, kesilmis kafa, iskence ederek oldur*, bogazini kes*, bogaz kesme, parcalanmis ceset`,
  ar: `تقطيع جثة, رأس مقطوع, تعذيب حتى الموت, سلخ حي, نحر رهينة, ذبح إنسان`,
  hi: `सिर कटी लाश, कटा हुआ सिर, गला काट, यातना देकर मार`,
  zh: `开膛破肚,肢解,碎尸,断头,砍头,斩首,虐杀,剥皮,血腥虐待,割喉`,
  ja: `惨殺,バラバラ死体,生首,内臓が飛び出,拷問して殺,斬首,首を切り落と,皮を剥,喉を切り裂`,
  ko: `참수,토막 살인,토막난 시체,내장이 쏟아,잔인하게 살해,고문해서 죽,목을 베,참살`,
}

// Only together with a person: statues lose their heads too.
export const killing: ByLanguage = {
  en: `behead*, decapitat*, dismember*, flay*, impal*, lynched, lynching*, lynch mob*, gut him, gut her, graphic murder, graphically murder*, brutally murder*, brutally kill*, brutal murder, brutally stab*, stab* .. repeatedly, chop* off .. head`,
  de: `enthaupt*, kopft, koepft, kopfen, koepfen, zerstuckel*, pfahlen, gelyncht*, lynchen, brutal ermord*, brutal totet, abschlachten, abgeschlachtet`,
  fr: `decapit*, demembr*, lynche, lynches, lyncher, tue brutalement, assassine brutalement`,
  es: `decapit*, desmembr*, linch*, asesinad* brutalmente, matar brutalmente`,
  it: `decapit*, smembr*, linci*, uccis* brutalmente, uccidere brutalmente`,
  pt: `decapit*, desmembr*, linch*, assassinad* brutalmente, matar brutalmente`,
  nl: `onthoofd*, gelyncht*, gruwelijk vermoord*, brute moord`,
  pl: `scin* glow*, sciec glow*, dekapit*, zlinczow*, brutalnie mord*, brutalne morderstw*`,
  ru: `обезглав*, отрубает голову, отрубить голову, казнь заложник*, линч*, зверски уби*, жестоко уби*`,
  tr: `kafasini kes*, basini kes*, vahsice oldur*, linc*`,
  ar: `قطع رأس, قطع رأسه, ذبح, إعدام رهينة, قتل بوحشية`,
  hi: `सिर कलम, सिर काट, बेरहमी से हत्या`,
  zh: `残忍杀害,凌迟,处决`,
  ja: `残虐に殺,処刑され`,
  ko: `잔혹하게 죽,처형`,
}

export const selfHarm: ByLanguage = {
  en: `kill myself, killing myself, how to commit suicide, how to kill yourself, ways to kill yourself, best way to die, suicide method*, suicide tutorial, suicide instruction*, suicide live stream*,
    painless suicide, encourag* .. suicide, promot* .. suicide, glorif* .. suicide, slit* my wrist*, slit* her wrist*, slit* his wrist*, cut* my wrist*, cut* her wrist*, cut* his wrist*, cutting wrists, hang myself, hanging herself,
    hanging himself, self harm tutorial, self harm guide, how to self harm, pro ana, proana, pro mia, thinspo*, thinspiration, starve yourself`,
  de: `wie bringe ich mich um, bringe ich mich um, umbringen will ich mich, selbstmordmethode*, suizidmethode*, anleitung zum selbstmord, anleitung zum suizid, pulsadern auf*, ritzen anleitung`,
  fr: `comment se suicider, me suicider, methode de suicide, methodes de suicide, s ouvrir les veines, se tailler les veines`,
  es: `como suicidarse, como suicidarme, quiero suicidarme, metodos de suicidio, metodo de suicidio, cortarse las venas, cortarme las venas`,
  it: `come suicidarsi, come suicidarmi, metodi di suicidio, metodo di suicidio, tagliarsi le vene`,
  pt: `como se suicidar, como me suicidar, como me matar, metodos de suicidio, metodo de suicidio, cortar os pulsos`,
  nl: `hoe pleeg ik zelfmoord, zelfmoordmethode*, zelfmoord plegen handleiding, polsen doorsnijden`,
  pl: `jak popelnic samobojstwo, jak sie zabic, metody samobojstwa, podcinac zyly, podciac zyly`,
  ru: `как покончить с собой, как убить себя, способы самоубийства, способ самоубийства, вскрыть вены, резать вены`,
  tr: `nasil intihar edilir, intihar yontem*, kendimi oldur*, bileklerini kes*`,
  ar: `كيف أنتحر, كيفية الانتحار, طرق الانتحار, طريقة الانتحار, قطع الشرايين`,
  hi: `आत्महत्या कैसे करें, आत्महत्या के तरीके, आत्महत्या करने का तरीका, खुद को कैसे मारें`,
  zh: `自杀方法,自殺方法,怎么自杀,如何自杀,自杀教程,割腕,自残教程`,
  ja: `自殺の方法,自殺方法,自殺の仕方,死に方を教え,リストカットのやり方,リスカのやり方`,
  ko: `자살 방법,자살방법,자살하는 법,자해 방법,손목을 긋,손목 긋`,
}
