import type { ByLanguage } from './terms.ts'

/** Everyday phrases that contain a listed word. Their words are taken out before anything else is looked for. */
export const harmless: ByLanguage = {
  en: `naked eye, naked eyes, naked mole rat*, naked branch*, naked tree*, naked rock*, naked flame*, naked truth, naked cake*, naked bike*, naked gun movie, naked fang*, naked wood, naked shoulder*, naked feet, naked foot, naked steel, naked blade*, naked sword*, naked earth, naked soil, naked mountain*, naked hill*,
    nude leotard*, nude underwear, nude bodysuit*, nude tights, nude stockings, nude pumps, nude polish, sexy car*, sexy sports car*, sexy voice, cocaine white, intercourse pennsylvania, nude lipstick*, nude nail*, nude heel*, nude colo*, nude tone*,
    nude shade*, nude makeup, nude palette, nude dress, nude fabric, same sex, opposite sex, sex education, sex ed, biological sex, sex ratio*, sex chromosome*, sex pistols, sex and the city, sex on the beach, sex discrimination,
    bath bomb*, photo bomb*, photobomb*, seed bomb*, glitter bomb*, yarn bomb*, cherry bomb*, jager bomb*, cocoa bomb*, chocolate bomb*, hot chocolate bomb*, water bomb*, smoke bomb photo*, bomb cyclone, bomb squad,
    bomb disposal, bomb shelter*, suicide squad, suicide prevention, suicide hotline, suicide awareness, child prodigy, kid gloves, goat kid*, baby goat*, baby blue, baby pink, baby doll, baby grand, baby oil, baby carrot*, baby spinach,
    baby bump, infant stars, chicken breast*, turkey breast*, duck breast*, breast cancer, kill the lights, kill the engine, kill the noise, killer whale*, tomato killer, hair dryer explosive volume, explosive growth, explosive color*, explosive colour*,
    explosive volcano, explosive eruption*, cluster of cherries, hang the picture*, hang the painting*, hang the laundry, hang the lamp, burn the candle*, burn the toast, wipe out surfer*, penis fish, minor key, minor chord*, minor scale, a minor chord, a minor scale,
    a minor key, sonata in a minor, in a minor, ursa minor, asia minor, minor league*, minor adjustment*, cocaine bear, molotov cocktail party music, rape seed, oilseed rape, rape field*, rape blossom*, rape flower*, pollen grenade,
    grenade apple, isis temple, temple of isis, goddess isis, isis river, statue of isis, egyptian isis, isis and osiris, drain pipe, model train*, model airplane*, model car*, model ship*, body of water, body paint on a car, silencer exhaust, exhaust silencer*,
    kick the bucket, oral history, pussy willow*, pussycat*, pussy cat*, great tit, blue tit, coal tit, booby bird*, blue footed boob*, boob tube tv, school of fish, impala, impalas, impaled butterfly, orgy of colo*, pornic, pornichet, porntip, pornthip, pornchai, counter terror*, counterterror*,
    anti terror*, antiterror*, therapist*, school teacher, kindergarten teacher`,
  de: `nackte schnecke*, nacktschnecke*, nacktmull*, nackte wahrheit, nackter fels*, nackte baum*, nackte aste, badebombe*, sexualkunde*, gleichgeschlechtlich*, bombenwetter, bombenstimmung, eisbombe*, saatgutbombe*, samenbombe*, hahnchenbrust`,
  fr: `a l oeil nu, oeil nu, verite nue, bombe de bain, bombes de bain, bombe glacee, arbre* nu*, pieds nus, pied nu, nu pieds, mains nues, tete nue, carotte* rape*, fromage rape*, gruyere rape*, rape a fromage, baise main, mineur* de charbon`,
  es: `a simple vista, verdad desnuda, arbol* desnudo*, rama* desnuda*, bomba de bano, bombas de bano, bomba de agua, bombas de agua, bomba de gasolina, bomba de calor, rape a la, pies desnudos, manos desnudas`,
  it: `occhio nudo, verita nuda, nudo e crudo, nuda e cruda, piedi nudi, a piedi nudi, mani nude, albero nudo, alberi nudi, rami nudi, bomba da bagno, bombe da bagno, bomba alla crema, bombe alla crema, bombolone, color nude, rossetto nude`,
  pt: `a olho nu, olho nu, verdade nua, pe no chao, arvore nua, arvores nuas, bomba de banho, bombas de banho, bomba de agua, bomba de gasolina, bomba de chocolate, bombas de chocolate`,
  nl: `blote oog, blote oog*, blote voeten, met blote handen, naakte waarheid, naaktslak*, badbom*, bruisbal*, kale bomen, bom vol`,
  pl: `golym okiem, nagim okiem, naga prawda, nagie drzew*, nagie skaly, bomba kapielow*, bomby kapielow*, bomba kaloryczna, para wodna, para butow`,
  ru: `невооруженным глазом, голые деревья, голые ветви, голые ветки, голые скалы, голая правда, бомбочк* для ванны, бомбочка для ванны, пара кроссовок, пара туфель`,
  tr: `ciplak goz*, ciplak agac*, ciplak ayak*, ciplak gercek, banyo bombasi, su bombasi`,
  ar: `العين المجردة, الجنس البشري`,
  zh: `裸眼,裸色,裸子植物,裸露的岩,裸露岩,裸露的土,赤裸裸的真相,做爱吃,做爱做的,女性交,男性交,理性交,个性交,性交流,性交往,女性爱,男性爱,口交通,口交货,口交界,口交汇,口交接,口交叉,断头台,烟雾弹,浴盐炸弹`,
  ja: `ヌードル,フェラーリ,エセックス,ミドルセックス,ユニセックス,裸の王様,裸の木,裸眼,裸足,バスボム,爆弾おにぎり,子供向け彫刻`,
  ko: `자위대,누드톤,누드 톤,누드 립,아기자기,이야기,배스밤,목욕 폭탄,물폭탄`,
}
