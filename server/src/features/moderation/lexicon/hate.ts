import type { ByLanguage } from './terms.ts'

export const slogans: ByLanguage = {
  en: `heil hitler, sieg heil, white power, white pride worldwide, 14 88, 1488, gas the jews, gas the kikes, jews will not replace us, you will not replace us, hitler was right, hitler did nothing wrong,
    holocaust never happened, holocaust is a lie, holocaust hoax, six million lie, race war now, day of the rope, white genocide, great replacement is real, praise .. hitler, glorif* .. hitler, glorif* .. nazi*,
    nazi propaganda, neo nazi recruit*, ku klux klan propaganda, kkk propaganda, kkk recruit*, burn* cross .. kkk`,
  de: `juden raus, juden ins gas, auslander raus, auslaender raus, blut und ehre, deutschland erwache, meine ehre heisst treue, auschwitzluge, auschwitz luge, holocaustluge, holocaust luge, hitler hatte recht, kanaken raus`,
  fr: `mort aux juifs, mort aux arabes, sale juif*, sales arabes, la france aux francais, les juifs dehors, les arabes dehors`,
  es: `muerte a los judios, muerte a los moros, viva hitler, judios al gas, fuera moros`,
  it: `morte agli ebrei, ebrei ai forni, viva hitler, viva il duce, negri di merda`,
  pt: `morte aos judeus, viva hitler, judeus ao gas, pretos imundos`,
  nl: `joden aan het gas, hamas hamas alle joden, dood aan de joden, dood aan moslims`,
  pl: `smierc zydom, zydzi do gazu, jebac zydow, biala sila`,
  ru: `смерть евреям, бей жидов, бей хачей, слава гитлеру, россия для русских, белая сила, зиг хайль, хайль гитлер`,
  tr: `yahudilere olum, kurtlere olum, ermenilere olum, hitler hakliydi`,
  ar: `الموت لليهود, اقتلوا اليهود, الموت للشيعة, الموت للنصارى, هتلر كان على حق`,
  hi: `यहूदियों को मारो, मुसलमानों को मारो, हिंदुओं को मारो, मुल्ले काटे`,
  zh: `杀光犹太人,殺光猶太人,杀光黑人,杀光穆斯林,希特勒万岁,希特勒是对的`,
  ja: `ユダヤ人を皆殺し,ユダヤ人を殺せ,朝鮮人を殺せ,朝鮮人は出て行け,ハイルヒトラー`,
  ko: `유대인을 죽,유대인을 학살하자,히틀러 만세,하일 히틀러,조선족을 죽`,
}

// Together with a group, in one breath: the terms of `groups` are joined to these by rules, with up to three words between.
export const calls: ByLanguage = {
  en: `kill, hang, gas, lynch, slaughter, massacre, kill all, kill every, exterminate, eradicate, death to, genocide of, burn the, wipe out, get rid of`,
  de: `tod den, totet alle, toetet alle, vernichtet die, vergast die, hangt die`,
  fr: `mort aux, tuez les, tuez tous les, exterminez les, gazez les`,
  es: `muerte a los, maten a los, matad a los, maten a todos los, exterminen a los, exterminar a los`,
  it: `morte ai, morte agli, uccidete tutti gli, uccidete gli, sterminate gli`,
  pt: `morte aos, matem os, matem todos os, exterminem os`,
  nl: `dood aan, dood alle, vermoord alle, vergas de`,
  pl: `smierc, zabic wszystkich, wybic wszystkich`,
  ru: `смерть, убить всех, убивай, бей, уничтожить всех`,
}

export const groups: ByLanguage = {
  en: `jews, jewish people, kikes, muslims, moslems, blacks, black people, niggers, arabs, mexicans, immigrants, refugees, gays, gay people, faggots, homosexuals, transgender people, trannies, christians, hindus,
    sikhs, asians, chinese people, gypsies, roma people, whites, white people, disabled people, palestinians, israelis, kurds, armenians, turks, ukrainians, russians`,
  de: `juden, muslimen, muslime, schwarzen, turken, tuerken, auslandern, auslaender, fluchtlingen, fluechtlinge, schwulen, zigeunern, zigeuner`,
  fr: `juifs, musulmans, noirs, arabes, immigres, homosexuels, gitans, refugies`,
  es: `judios, musulmanes, negros, moros, inmigrantes, homosexuales, gitanos, maricones`,
  it: `ebrei, musulmani, neri, negri, immigrati, omosessuali, zingari`,
  pt: `judeus, muculmanos, negros, imigrantes, homossexuais, ciganos, gays`,
  nl: `joden, moslims, zwarten, homo s, homos, vluchtelingen, buitenlanders`,
  pl: `zydom, zydow, muzulmanow, muzulmanom, czarnych, gejow, uchodzcow, cyganow, ukraincow`,
  ru: `евреям, евреев, жидов, мусульман, мусульманам, черных, кавказцев, геев, мигрантов, цыган, хохлов`,
}

export const dehumanising: ByLanguage = {
  en: `are vermin, are subhuman*, are cockroaches, are parasites, are an inferior race, are animals not human*, are a disease, must be exterminated, should be exterminated, should be gassed, deserve to die, deserve death`,
  de: `sind ungeziefer, sind untermenschen, sind parasiten, sollen vergast werden`,
  fr: `sont des parasites, sont de la vermine, sont des sous hommes`,
  es: `son parasitos, son escoria infrahumana, son subhumanos`,
  it: `sono parassiti, sono subumani`,
  pt: `sao parasitas, sao subhumanos`,
}

export const terrorGroups: ByLanguage = {
  en: `isis, isil, islamic state, daesh, al qaeda, al qaida, boko haram, al shabaab, atomwaffen, terrorist*, terrorism, terror attack*, jihadi*, suicide bomb*, mass shooter*, mass shooting*, school shooter*,
    christchurch shooter, breivik`,
  de: `islamischer staat, islamischen staat*, terrorist*, terroranschlag*, amoklauf*, selbstmordattentat*, nsu terror*`,
  fr: `etat islamique, terroriste*, attentat*, kamikaze djihad*, djihadiste*`,
  es: `estado islamico, terrorista*, atentado*, yihadista*`,
  it: `stato islamico, terrorist*, attentat*, jihadist*`,
  pt: `estado islamico, terrorista*, atentado*, jihadista*`,
  nl: `islamitische staat, terrorist*, terroristisch*, aanslag*, jihadist*`,
  pl: `panstwo islamskie, panstwa islamskiego, terroryst*, zamach*, dzihadyst*`,
  ru: `исламск* государств*, игил, террорист*, теракт*, джихадист*, шахид*`,
  tr: `isid, islam devleti, terorist*, teror saldiris*, cihatci*`,
  ar: `داعش, الدولة الإسلامية, تنظيم القاعدة, إرهابي, الإرهابي, إرهابية, عملية انتحارية, هجوم إرهابي`,
  hi: `आईएसआईएस, अलकायदा, आतंकवादी, आतंकी, आतंकी हमला, आत्मघाती हमला`,
  zh: `伊斯兰国,基地组织,恐怖组织,恐怖分子,恐怖袭击,自杀式炸弹`,
  ja: `イスラム国,アルカイダ,テロリスト,テロ組織,テロ攻撃,自爆テロ`,
  ko: `이슬람국가,알카에다,테러리스트,테러 조직,테러 공격,자살 폭탄`,
}

export const terrorPraise: ByLanguage = {
  en: `propaganda, recruit*, join us, join isis, glorif*, praise, praising, celebrat*, glorious jihad*, heroic terrorist*, heroic jihad*, heroic suicide bomb*, martyr*, tutorial, training video, instruction*, manifesto, pledge allegiance, plan a, plan an, how to plan, how to carry out`,
  de: `propaganda, rekrutier*, anwerb*, verherrlich*, schliesst euch an, martyrer*, maertyrer*, anleitung*`,
  fr: `propagande, recrut*, glorifi*, rejoignez, martyr*, comment preparer, tutoriel`,
  es: `propaganda, recluta*, glorific*, unete, unanse, martir*, tutorial, como preparar`,
  it: `propaganda, reclut*, glorific*, esalt*, unisciti, unitevi, martir*, tutorial`,
  pt: `propaganda, recruta*, glorific*, exalta*, junte se, martir*, tutorial`,
  nl: `propaganda, rekruter*, werving*, verheerlijk*, sluit je aan, martelaar*, handleiding`,
  pl: `propagand*, rekrut*, gloryfik*, dolacz do, meczennik*, instrukcj*`,
  ru: `пропаганд*, вербов*, вербу*, прославл*, вступай*, мученик*, инструкци*`,
  tr: `propaganda*, katil, katilin, yucelt*, nasil yapilir`,
  ar: `دعاية, تجنيد, انضم إلى, انضموا, تمجيد`,
  hi: `प्रचार, भर्ती, महिमामंडन, शामिल हों, गुणगान`,
  zh: `宣传,招募,加入,美化,歌颂,赞美,教程`,
  ja: `プロパガンダ,勧誘,参加を呼びかけ,賛美,称賛`,
  ko: `선전,모집,가입,찬양,미화`,
}
