// What words mean to storyboard artist: English, German, French, Spanish, Italian, Portuguese, Dutch, Polish,
// Russian, Arabic, then Chinese, Japanese and Korean. Words are without accents and in lower case; a star matches any
// ending. Words in scripts without spaces are found anywhere in text.

export type SubjectName =
  | 'person'
  | 'astronaut'
  | 'robot'
  | 'dog'
  | 'cat'
  | 'horse'
  | 'elephant'
  | 'bear'
  | 'rabbit'
  | 'bird'
  | 'butterfly'
  | 'dragon'
  | 'fish'
  | 'whale'
  | 'car'
  | 'train'
  | 'bicycle'
  | 'boat'
  | 'plane'
  | 'rocket'
  | 'balloon'
  | 'house'
  | 'castle'
  | 'lighthouse'
  | 'windmill'
  | 'tree'
  | 'flower'
  | 'campfire'
  | 'cup'
  | 'book'
  | 'lamp'
  | 'bottle'
  | 'ball'

export type PlaceName =
  | 'sea'
  | 'beach'
  | 'mountains'
  | 'forest'
  | 'desert'
  | 'city'
  | 'space'
  | 'hills'
  | 'snow'
  | 'underwater'
  | 'room'
  | 'sky'
  | 'stage'

export type MoodName = 'sunset' | 'dawn' | 'day' | 'night' | 'storm' | 'neon' | 'autumn' | 'noir'
export type WeatherName = 'rain' | 'snowfall' | 'fireflies' | 'dust' | 'fog' | 'petals'
export type CameraName = 'in' | 'out' | 'left' | 'right' | 'up' | 'down'
export type ActionName = 'walk' | 'run' | 'fly' | 'dance'

type Words<Name extends string> = Record<Name, string>

export const subjectWords: Words<SubjectName> = {
  person:
    'person people man men woman women girl boy child children kid kids lady guy human someone couple dancer runner hiker king queen knight wizard witch detective chef singer musician samurai ninja monk worker farmer fisherman sailor player surfer skater traveler traveller figure hero mother father friend friends crowd portrait model actor actress ' +
    'mensch* mann manner frau frauen kind kinder madchen junge leute tanzer* wanderer konig* ritter freunde personne* homme* femme* fille* garcon* enfant* gens danseu* roi reine amis persona* hombre* mujer* nina nino chico chica gente bailari* rey reina amigo* uomo uomini donna donne ragazz* bambin* re regina amici pessoa* homem homens mulher* menina menino crianca* rei rainha ' +
    'mens* man mannen vrouw* meisje jongen kind kinderen koning* czlowiek ludzie mezczyzn* kobiet* dziewczyn* chlop* dzieck* dzieci krol* человек* люди мужчин* женщин* девушк* девочк* мальчик* ребен* дети король танцор* رجل امراة فتاة ولد طفل اطفال شخص ناس ' +
    '人 男 女 孩子 少年 少女 老人 武士 舞者 侍 子供 사람 남자 여자 소녀 소년 아이 무사',
  astronaut:
    'astronaut* cosmonaut* spaceman kosmonaut* astronaute astronauta* raumfahrer* космонавт* астронавт* رائد 宇航员 太空人 宇宙飛行士 우주비행사 우주인',
  robot: 'robot* android* cyborg mech roboter* robotica автомат робот* روبوت 机器人 機器人 ロボット 로봇',
  dog: 'dog dogs puppy puppies corgi retriever labrador husky poodle wolf wolves fox foxes hund hunde hundchen welpe* wolf fuchs chien* chiot* loup renard perro* perrito lobo zorro cane cani cagnolino lupo volpe cachorro* cao caes raposa hond* puppy psy psa piesek wilk lis собак* щен* пес волк* лис* كلب كلاب ذئب ثعلب 狗 犬 小狗 狼 狐 子犬 いぬ 강아지 개가 늑대 여우',
  cat: 'cat cats kitten* kitty tiger tigers lion lions leopard panther katze* kater katzchen tiger lowe* chat chats chaton* tigre lion gato* gata* gatito leon gatto gatti gattino leone leao kat katten kitten tijger leeuw kot koty kota kotek tygrys lew кош* кот кота котен* тигр* лев قط قطة نمر اسد 猫 貓 老虎 狮子 ねこ 子猫 虎 ライオン 고양이 호랑이 사자',
  horse:
    'horse* pony ponies unicorn* deer stag cow cows pferd* einhorn hirsch kuh cheval chevaux licorne cerf vache caballo* unicornio ciervo vaca cavall* unicorno cervo mucca cavalo* paard* eenhoorn hert kon konie koni jednorozec jelen лошад* кон* олен* единорог* حصان خيول غزال 马 馬 独角兽 鹿 ウマ ユニコーン 말이 말을 사슴 유니콘',
  elephant: 'elephant* mammoth* elefant* olifant* slon* слон* фил فيل 大象 象 ゾウ 코끼리',
  bear: 'bear bears panda* baren ours oso osos orso orsi urso* beren niedzwied* медвед* панд* دب باندا 熊 熊猫 くま パンダ 곰 판다',
  rabbit:
    'rabbit* bunny bunnies hare hase* kaninchen lapin* lievre conejo* liebre conigli* lepre coelho* konijn* haas krolik* zajac* крол* заяц* зайц* ارنب 兔 うさぎ ウサギ 토끼',
  bird: 'bird birds eagle* hawk* owl owls crow crows raven* seagull* gull gulls parrot* penguin* crane cranes swan* duck* goose geese vogel* adler eule* rabe* mowe* oiseau* aigle hibou corbeau mouette* pajaro* ave aves aguila buho cuervo gaviota* uccell* aquila gufo corvo gabbian* passaro* aguia coruja gaivota* vogels arend uil meeuw* ptak* orzel sowa kruk mew* птиц* орел* сов* ворон* чайк* طائر طيور عصفور نسر بومة 鸟 鳥 鹰 猫头鹰 海鸥 カモメ フクロウ 새들 새가 독수리 부엉이 갈매기',
  butterfly:
    'butterfly butterflies moth moths schmetterling* papillon* mariposa* farfall* borboleta* vlinder* motyl* бабочк* فراشة فراشات 蝴蝶 蝶 チョウ 나비',
  dragon:
    'dragon* drache* drago draghi dragao dragoes draak draken smok* дракон* تنين 龙 龍 竜 ドラゴン 용이 드래곤',
  fish: 'fish fishes shark* goldfish koi salmon fisch* hai haie poisson* requin* pez peces tiburon* pesce pesci squal* peixe* tubarao vis vissen haai ryba ryby rekin* рыб* акул* سمك سمكة قرش 鱼 魚 鲨鱼 サメ 물고기 상어',
  whale:
    'whale* orca* dolphin* wal wale walfisch delfin* baleine* dauphin* ballena* delfines balena balene delfin* baleia* golfinho* walvis* dolfijn* wieloryb* кит киты дельфин* حوت دلفين 鲸 鯨 海豚 クジラ イルカ 고래 돌고래',
  car: 'car cars auto autos automobile taxi truck van bus racing convertible motorcar lastwagen wagen voiture* camion coche* carro* camioneta macchina* automobil* caminhao carros vrachtwagen samochod* ciezarowka машин* автомобил* такси سيارة سيارات 汽车 汽車 车 車 クルマ 자동차 택시 차가',
  train:
    'train trains tren trenes locomotive railway tram zug zuge eisenbahn bahn lokomotive tren trenes locomotora treno treni trem trens comboio trein* pociag* tramwaj поезд* паровоз* трамва* قطار 火车 火車 列车 列車 電車 기차 열차',
  bicycle:
    'bicycle* bike bikes cyclist* fahrrad* radfahrer* velo velos bicyclette* bici bicicleta* biciclett* fiets* rower* велосипед* دراجة 自行车 自転車 자전거',
  boat: 'boat* ship ships sail sailboat* sailing yacht* vessel schooner pirate pirates canoe kayak ferry boot boote schiff* segel* bateau* navire* voilier* barco* velero* buque nave navi barca barche veliero navio* veleiro schip schepen zeilboot lodz lodk* statek statki zaglow* лодк* кораб* парус* яхт* سفينة قارب مركب 船 帆船 小船 舟 ヨット 배가 배를 돛단배 요트',
  plane:
    'plane planes airplane* aeroplane* aircraft jet jets flugzeug* avion* aereo aerei aviao avioes vliegtuig* samolot* самолет* طائرة 飞机 飛機 飛行機 비행기',
  rocket:
    'rocket* spaceship* spacecraft shuttle starship rakete* raumschiff* fusee* vaisseau cohete* nave-espacial razzo razzi astronave foguete* raket* ruimteschip rakiet* ракет* صاروخ 火箭 飞船 宇宙船 ロケット 로켓 우주선',
  balloon:
    'balloon* airship* blimp zeppelin ballon* heissluftballon* montgolfiere* globo globos mongolfiera palloncin* balao baloes luchtballon* balon* шар шары воздушн* дирижабл* بالون منطاد 气球 氣球 気球 風船 열기구 풍선',
  house:
    'house* home hut cabin cottage barn village villa farmhouse haus hauser hutte dorf maison* cabane village casa casas cabana choza pueblo casetta baita villaggio vila cabine huis huizen hut dorp dom domy chata chatka wies дом дома домик* изб* хижин* деревн* بيت منزل كوخ قرية 房子 房屋 小屋 村庄 家 村 집이 집을 오두막 마을',
  castle:
    'castle* palace* fortress temple ruin ruins tower towers pagoda cathedral church schloss burg* tempel turm kirche chateau* palais temple tour eglise castillo* palacio* templo torre* iglesia castell* palazzo tempio chiesa castelo* igreja kasteel paleis toren kerk zamek zamk* palac swiatyn* wieza kosciol замок замк* дворец храм* башн* церк* قلعة قصر معبد برج 城堡 宫殿 寺 塔 神社 お城 성이 궁전 사원 탑',
  lighthouse:
    'lighthouse* leuchtturm* phare faro fari farol vuurtoren* latarni* маяк* منارة 灯塔 燈塔 灯台 등대',
  windmill:
    'windmill* mill turbine* windmuhle* muhle moulin* molino* mulin* moinho* molen* wiatrak* мельниц* طاحونة 风车 風車 풍차',
  tree: 'tree* oak* palm palms baum baume eiche arbre* chene arbol arboles roble albero alberi quercia arvore* boom bomen drzew* dab дерев* дуб* شجرة اشجار نخلة 树 樹 樱花树 木が 나무',
  flower:
    'flower* rose roses tulip* sunflower* daisy poppy poppies lotus orchid blume* rosen sonnenblume* tulpe* mohn fleur* tournesol* flor flores girasol* rosa rosas amapola fiore fiori girasole papaver* bloem* zonnebloem* kwiat* roza roze slonecznik* цвет* роз* подсолнух* тюльпан* زهرة زهور ورد وردة 花 玫瑰 向日葵 はな バラ ひまわり 꽃 장미 해바라기',
  campfire:
    'campfire* bonfire* fire fires lagerfeuer feuer feu fogata fuego hoguera fuoco falo fogueira fogo kampvuur vuur ognisko ogien кост* огон* огн* نار 篝火 火焰 焚き火 모닥불 불꽃',
  cup: 'cup cups mug coffee tea espresso cappuccino teapot latte tasse* kaffee tee cafe taza* tazza* caffe xicara* kop koffie thee filiz* kubek kaw* herbat* чашк* кофе قهوة شاي فنجان كوب 咖啡 茶 杯 コーヒー カップ 커피 찻잔 차를',
  book: 'book* notebook diary library buch bucher livre* libro* libri livros boek* ksiaz* книг* كتاب كتب 书本 書本 书 本を 책이 책을 책',
  lamp: 'lamp lamps lantern* candle* lightbulb laterne* lampe* kerze* lampara* vela velas linterna lampada* candel* lanterna* lampada kaars* lantaarn* swiec* latarenk* ламп* свеч* фонар* مصباح شمعة فانوس 灯笼 蜡烛 ランプ ろうそく 提灯 램프 촛불 등불',
  bottle:
    'bottle* perfume wine vase jar flask flasche* parfum* wein bouteille* vin botella* vino vinho bottiglia* profumo garrafa* fles* butelk* perfum* wino бутыл* вин* дух* زجاجة عطر 瓶 香水 酒 ボトル 와인 향수',
  ball: 'ball balls football soccer basketball tennis fussball balle pelota* balon palla palle pallone bola bolas voetbal pilka pilk* мяч* كرة 球 ボール サッカー 축구 공을',
}

export const placeWords: Words<PlaceName> = {
  sea: 'sea seas ocean* wave waves harbor harbour lake lakes river rivers bay pier waterfall pond meer ozean see seen welle* hafen fluss bucht mer oceano ocean vague* port lac riviere mar mares olas puerto lago rio mare porto fiume ondas zee oceaan golven haven meer rivier morze morza ocean fale jezior* rzek* мор* океан* волн* озер* рек* гаван* بحر محيط امواج بحيرة نهر 海 大海 海洋 湖 河 川 波 港 바다 호수 강가 파도',
  beach:
    'beach* shore coast coastline strand kuste plage* cote playa* costa spiaggia* praia* strand kust plaz* wybrzez* пляж* берег* شاطئ ساحل 海滩 沙滩 海边 ビーチ 浜辺 海辺 해변 바닷가',
  mountains:
    'mountain* alps peak peaks summit cliff* valley canyon glacier volcano berg berge alpen gipfel gletscher montagne* sommet vallee montana* cumbre valle montagna cima montanha* vale bergen vallei gory gorach szczyt* dolin* гор* вершин* долин* جبل جبال وادي 山 峰 峡谷 火山 やま 산이 산을 산속 산맥 화산 협곡',
  forest:
    'forest* wood woods jungle rainforest grove wald walder dschungel foret* bois jungle bosque* selva* foresta bosco boschi giungla floresta* bos bossen oerwoud lasu lesie dzungl* лес леса лесу джунгл* غابة غابات 森林 树林 丛林 森 ジャングル 숲 정글',
  desert:
    'desert* dune* sahara wuste* sand desert dune* desierto* duna* deserto deserti woestijn* duin* pustyn* wydm* пустын* дюн* صحراء كثبان 沙漠 沙丘 砂漠 砂丘 사막',
  city: 'city cities street* town downtown skyline skyscraper* urban traffic tokyo paris london york berlin shibuya rooftop* alley market subway stadt strasse* hochhaus* gasse markt ville* rue* gratte-ciel marche ciudad* calle* rascacielos mercado citta strada strade grattaciel* cidade* rua ruas arranha* stad straat straten miast* ulic* wiezow* город* улиц* небоскреб* مدينة شارع سوق 城市 街道 街 都市 東京 东京 香港 通り 路地 도시 거리 골목 서울',
  space:
    'space galaxy galaxies planet* mars orbit cosmos cosmic universe nebula asteroid* comet* weltraum weltall planet* galaxie* espace galaxie* planete* espacio galaxia* planeta* spazio galassi* pianet* espaco ruimte heelal planeten kosmos* galaktyk* planet* космос* галактик* планет* марс* فضاء مجرة كوكب المريخ 太空 宇宙 星系 星球 火星 銀河 우주 은하 행성 화성',
  hills:
    'hill hills meadow* field fields grassland prairie countryside farm garden park valley hugel wiese* feld felder garten colline* prairie champ champs jardin campagne colina* prado campo campos jardin granja parque prato prati giardino campagna jardim fazenda heuvel* weide veld velden tuin wzgorz* laka laki polach ogrod* холм* луг* пол* сад* ферм* تل تلال حقل مرج حديقة 草原 田野 草地 山丘 花园 公园 丘 野原 庭 公園 들판 초원 언덕 정원 공원',
  snow: 'snow snowy ice icy arctic antarctic* winter frozen polar schnee eis winter arktis neige glace hiver nieve hielo invierno neve ghiaccio inverno gelo sneeuw ijs snieg* lod zim* снег* снеж* лед* зим* аркти* ثلج جليد شتاء 雪 冰 冬天 冬 氷 눈밭 눈 덮인 겨울 얼음',
  underwater:
    'underwater coral reef* seabed submarine* diver diving aquarium unterwasser* korallen* sous-marin* corail recif submarin* coral arrecife subacque* corall* barriera subaquatic* onderwater* koraal podwodn* rafa подводн* коралл* риф* المرجان 水下 海底 珊瑚 水中 サンゴ 수중 산호 해저',
  room: 'room kitchen desk table indoor* interior studio bedroom cafe restaurant window shelf sofa office zimmer kuche tisch fenster buro chambre cuisine bureau fenetre salon habitacion cocina mesa ventana oficina stanza cucina tavolo finestra ufficio quarto cozinha janela escritorio kamer keuken tafel raam kantoor pokoj* kuchni* stol* okno biur* комнат* кухн* стол* окн* кафе غرفة مطبخ طاولة نافذة مكتب 房间 厨房 桌 窗 咖啡馆 部屋 台所 机 窓 カフェ 방 주방 책상 창가 카페',
  sky: 'sky skies cloud clouds himmel wolke* ciel nuage* cielo nube* nuvol* ceu nuvem nuvens lucht wolken niebo chmur* неб* облак* سماء غيوم سحاب 天空 云 雲 空 하늘 구름',
  stage: 'stage theater theatre buhne scene escenario palcoscenico palco toneel scena сцен* مسرح 舞台 무대',
}

export const moodWords: Words<MoodName> = {
  sunset:
    'sunset dusk evening golden twilight sonnenuntergang abend* dammerung crepuscule couchant soir atardecer ocaso tarde-noche puesta tramonto sera crepuscolo entardecer crepusculo zonsondergang avond schemering zachod* zmierzch wieczor* закат* вечер* сумер* غروب مساء 日落 黄昏 夕阳 夕陽 夕日 夕焼け 夕暮れ 일몰 노을 저녁 석양',
  dawn: 'dawn sunrise morning mist misty sonnenaufgang morgen* aube matin* lever amanecer manana alba mattin* amanhecer manha zonsopgang ochtend swit poran* wschod* рассвет* утр* شروق فجر صباح 日出 黎明 早晨 清晨 朝 夜明け 朝日 일출 새벽 아침',
  day: 'day daylight noon sunny sunshine summer spring tag sonnig* sommer fruhling jour ensoleille* ete printemps dia soleado verano primavera giorno soleggiat* estate ensolarad* verao dag zonnig* zomer lente dzien slonecz* lato latem wiosn* день дня солнечн* лет* весн* نهار مشمس صيف ربيع 白天 阳光 夏天 春天 晴 昼 夏 春 대낮 햇살 여름 봄',
  night:
    'night* midnight moon moonlight moonlit stars starry dark nacht* mond mondlicht mondschein mitternacht sterne dunkel* nuit minuit lune etoile* sombre noche* medianoche luna estrella* oscur* notte mezzanotte stelle buio noite* lua estrela* escur* maan sterren donker* noc nocy ksiezyc* gwiazd* ciemn* ноч* лун* звезд* темн* ليل ليلة قمر نجوم 夜 月 星 夜空 밤 달빛 별',
  storm:
    'storm* thunder* lightning tempest hurricane tornado sturm* gewitter blitz tempete orage eclair tormenta* relampago tempesta* fulmine temporale tempestade* raio bliksem onweer burz* piorun* бур* гроз* молни* шторм* عاصفة برق رعد 暴风雨 风暴 闪电 雷 嵐 台風 稲妻 폭풍 번개 천둥',
  neon: 'neon cyberpunk futuristic future synthwave hologram* vaporwave sci-fi zukunft* futurist* cyber* neonow* przyszlosc* futuro неон* киберпанк* будущ* نيون مستقبل* 霓虹 赛博朋克 未来 ネオン サイバーパンク 네온 사이버펑크 미래',
  autumn:
    'autumn fall maple herbst* laub automne feuilles otono hojas autunno foglie outono folhas herfst bladeren jesien* lisc* осен* листь* خريف 秋 枫 落叶 紅葉 가을 단풍',
  noir: 'noir monochrome black-and-white detective schwarzweiss film-noir bianco-e-nero 黑白 モノクロ 흑백 нуар*',
}

export const weatherWords: Words<WeatherName> = {
  rain: 'rain raining rainy drizzle regen regnet regnerisch pluie pluvieux lluvia llueve lluvioso pioggia piove chuva chove regenachtig deszcz* дожд* مطر ماطر 雨 비가 비 내리 빗속',
  snowfall:
    'snow snowing snowfall snowflake* blizzard schnee* schneit neige flocons nieve nevando neve nevica nevando sneeuw* snieg* снег* снеж* метел* ثلج 雪 눈이 눈보라',
  fireflies:
    'firefly fireflies sparkle* magic magical fairy gluhwurm* gluhwurmchen luciole* luciernaga* lucciol* vaga-lume* vuurvlieg* swietlik* светлячк* يراعات 萤火虫 ホタル 蛍 반딧불',
  dust: 'dust dusty sand sandstorm staub* poussiere polvo polvere poeira stof kurz пыл* غبار 尘 灰尘 砂嵐 먼지',
  fog: 'fog foggy mist misty haze nebel* neblig brume brouillard niebla bruma nebbia nevoa neblina mist nevel mgla mgl* туман* ضباب 雾 霧 안개',
  petals:
    'petal petals sakura blossom* cherry kirschblute* bluten petale* cerisier* petalo* cerezo* petal* ciliegi* cerejeira* bloesem kwitnac* сакур* лепест* 樱花 桜 花びら 벚꽃 꽃잎',
}

export const cameraWords: Words<CameraName> = {
  in: 'zoom close-up closeup dolly push-in macro approach* nahaufnahme gros-plan primer-plano primo-piano крупн* 特写 推进 クローズアップ 클로즈업',
  out: 'wide pull-out establishing panorama panoramic aerial drone weitwinkel luftaufnahme aerien* aere* drohne dron* панорам* аэро* 全景 航拍 空撮 항공 전경',
  left: 'left links gauche izquierda sinistra esquerda lewo влево 左 왼쪽',
  right:
    'pan panning tracking right rechts droite derecha destra direita prawo вправо schwenk* 右 跟拍 오른쪽',
  up: 'crane rising tilt-up looking-up ascend* 升 クレーン',
  down: 'top-down descend* tilt-down descending overhead 俯 降',
}

export const actionWords: Words<ActionName> = {
  run: 'run runs running race races racing chase chasing gallop* sprint* rennt rennen laufen lauft jagt courir corre corriendo corren correndo rennen biegnie biega* бежит бегут беж* скач* гон* يركض يجري 跑 奔跑 走る 疾走 달리 뛰',
  walk: 'walk walks walking stroll* hike hiking wander* march* geht gehen spaziert wandert marche marchant promene camina* paseando cammina* passeggia* caminha* andando loopt wandelt idzie spaceruje идет идут гуля* шага* يمشي يسير 走 散步 行走 歩 散歩 걷 산책',
  fly: 'fly flies flying soar* glide* hover* float* drift* fliegt fliegen schwebt vole volant plane vuela* volando flota vola volano volando voa* voando vliegt vliegen zweeft leci lata* летит летят пари* يطير تطير يحلق 飞 飛 飘 飛ぶ 舞う 날아 날다 떠다니',
  dance:
    'dance dances dancing tanzt tanzen danse* dansant baila* bailando danza* ballando balla danca* dancando danst dansen tanczy* танцу* يرقص ترقص 跳舞 舞蹈 踊 춤',
}

/** Number words that multiply a subject. */
export const countWords: Record<string, string> = {
  2: 'two pair couple both zwei paar deux paire dos due coppia dois duas twee dwa dwie dwoje два две двое اثنان 两 二 双 둘 두',
  3: 'three several few many some group flock crowd herd school fleet drei viele einige gruppe trois plusieurs groupe varios muchos grupo tre molti alcuni gruppo muitos alguns drie veel groep trzy wiele grupa три много стая несколько ثلاثة مجموعة 三 群 许多 几 三つ 多く 셋 여러 많은 무리',
}
