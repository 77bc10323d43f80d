"""Words of distress in English, Spanish and German, as they look when folded.

HIGH: not wanting to live, self-harm, suicide, harm to others, in the first person.
MODERATE: being overwhelmed, crying, not coping, panic, wanting to give up, in the first
person. IDIOMS are taken out before anything is looked for. Every gap between words is
bounded.
"""

import re

_SOFT = r"(?:(?:really|just|honestly|kinda|sometimes|often|do|so|still|actually|only|always) ){0,2}"
_I = r"(?:i|im|ive|id|ill|i am|i have)"
_WANT = r"(?:want(?:ed)? to|want 2|wanna|wana|wnt to|wan to|want|wish to|would like to)"
_AIM = (
    rf"(?:{_WANT}|need to|feel like|going to|gonna|about to|ready to|plan(?:ning)? to|intend to"
    r"|thinking (?:of|about)|think (?:of|about)|thoughts (?:of|about)|urges? to|tempted to)"
)
_GAP = (
    r"(?:(?!(?:who|he|she|they|patients?|clients?|students?|people|someone|never|not|dont)\b)"
    r"\w+ ){0,4}"
)
_SUICIDE = r"(?:suicide|sucide|suiside|suicid)"
_SUICIDAL = r"(?:suicidal|sucidal|suicidial|suisidal|suicidle|suidical)"
_MYSELF = (
    r"(?:kil+(?:ing)?|hang(?:ing)?|hurt(?:ing)?|harm(?:ing)?|cut(?:ting)?|shoot(?:ing)?"
    r"|drown(?:ing)?|stab(?:bing)?|poison(?:ing)?|unaliv(?:e|ing)|off(?:ing)?) ?my ?self"
)
_PERSON = (
    r"(?:him|her|them|someone|somebody|people|everyone|everybody|others|you|(?:my|the|this|that) "
    r"(?:tutor|supervisor|boss|manager|teacher|lecturer|classmates?|colleagues?|husband|wife|"
    r"partner|mother|mum|mom|father|dad|brother|sister|flatmate|housemate|boyfriend|girlfriend|"
    r"family|kids?|children|neighbours?|examiner|professor|consultant|mentor))"
    r"(?! (?:feelings|chances|career|grades?|marks?|confidence|pride|an? (?:e ?mail|message|text)))"
)
_PLACE = (
    r"(?! (?:in|on|at|for) (?:this|the|my|that) (?:course|chat|programme|program|module|job|ward"
    r"|meeting|class|placement|uni\w*|country|room|study|team|group|hospital|city|town))"
)

_ENGLISH_HIGH = (
    rf"{_I} {_SOFT}(?:{_WANT}|ready to|need to|hope to) {_SOFT}(?:die|dei|be dead|not exist"
    r"|not be alive|not wake up|not be here any ?more|stop (?:living|existing|being alive)"
    r"|disappear (?:forever|for good)|unalive)",
    rf"{_I} {_SOFT}(?:feel|feeling|felt) like (?:dying|being dead|ending (?:it|my life))",
    rf"(?:{_I} {_SOFT}{_AIM} {_SOFT})?{_MYSELF}",
    rf"{_I} {_SOFT}(?:am |feel |feeling |felt |been |was |getting ){{0,2}}{_SOFT}{_SUICIDAL}",
    rf"(?:i have|ive|i had|i get|i keep|having|had|my|been having) "
    rf"(?:been having |having |getting |lots of |a lot of |some |these |constant |strong )?"
    rf"{_SUICIDAL} (?:thoughts?|feelings?|ideation|plans?|urges)",
    rf"{_I} {_GAP}(?:think|thinking|thought|thoughts|consider(?:ing|ed)?|contemplat(?:e|ing|ed)"
    rf"|plan|planning|planned|attempt|attempted|commit|tried|try) (?:of |about )?"
    rf"(?:committing |attempting )?{_SUICIDE}",
    r"(?:end|ending|ended|take|taking) (?:my own|my) life"
    r"(?! (?:back|in|into|seriously|to the|forward|story|experience))",
    rf"(?:^|(?<=\. )|{_I} ){_GAP}(?:end|ending) (?:it all|everything for good)",
    r"i (?:really |just |rlly |honestly )?(?:dont|do not|dnt|didnt|no longer|cant) "
    r"(?:really |even |rlly )?(?:want to|wanna|want 2|wana|wnt to|want) (?:be alive|exist"
    r"|live(?! (?:in|near|on|at|with (?!myself|this pain))|rs)"
    r"|wake up(?! (?:early|at|before|for|to|so))"
    r"|(?:go on|carry on|keep|keep on) living|be in this world|be on this earth)",
    r"i (?:really |just |rlly )?(?:dont|do not|dnt|no longer) (?:really |even )?(?:want to|wanna|"
    rf"want 2|wana|want) be (?:here|around) (?:any ?more|any longer|no more){_PLACE}",
    r"i (?:cant|cannot|can not) (?:go on|carry on|keep on) living",
    r"wish (?:that )?i (?:was|were|would be) (?:dead|never born|not alive)",
    r"wish (?:that )?i (?:wasnt|werent|was not) (?:alive|born)",
    r"wish (?:that )?i (?:had never been|was never|were never|hadnt been|never got"
    r"|had not been) born",
    r"(?:wish|hope) (?:that )?i (?:could |would |can |will |just )?(?:just )?(?:die|not wake up"
    r"|never wake up|dont wake up|disappear forever)",
    r"(?:sleep|asleep) (?:and |to )?(?:never|not|dont|wont) (?:ever )?wake",
    r"better off without me",
    r"(?:i|id|i would|i am|im|me|myself) (?:be |is |are |be a lot )?(?:better off|better) dead",
    rf"(?:^|{_I} |(?<=\. )|me ){_GAP}(?:no|any|one) (?:reason|point|will) (?:to|in) "
    r"(?:live|living|be alive|being alive|go on living)(?! (?:in|near|at|with|on)\b)",
    r"whats the point (?:of|in) (?:living|being alive|life|my life|me living)",
    rf"{_I} {_GAP}(?:nothing|no one|nobody|not much) (?:left )?to live for",
    r"(?:my )?life (?:is not|isnt|aint) worth (?:living|it any ?more)",
    rf"{_I} {_GAP}(?:tired of|sick of|done with|fed up with|finished with) "
    r"(?:living(?! (?:in|with|at|on|near))|life|being alive)",
    rf"{_I} {_GAP}(?:take|taking|took|taken) (?:an overdose|all (?:of )?my (?:pills|tablets|meds"
    r"|medication|insulin))",
    rf"{_I} {_GAP}{_AIM} (?:overdose|od|jump (?:off|from|in front of|under)"
    r"|throw(?:ing)? myself (?:off|under|in front))",
    rf"{_I} (?:am |have |started |start |been |want to |wanna |used to |still |also |sometimes )"
    r"{0,2}self ?harm(?:ing|ed)?",
    r"(?<!\d )(?<!many )(?<!few )(?<!hundred )(?<!thousand )(?<!some )kms"
    r"(?! (?:away|from|per|an|a|to|of|north|south|east|west|walk|run|ride|drive|every|each|in"
    r"|h)\b)",
    rf"{_I} {_SOFT}{_AIM} {_SOFT}(?:kil+(?:ing)?|murder(?:ing)?|hurt(?:ing)?|harm(?:ing)?"
    r"|stab(?:bing)?|shoot(?:ing)?|strangl(?:e|ing)|poison(?:ing)?|beat(?:ing)? up)"
    rf" {_PERSON}",
    rf"{_I} (?:keep|have been|having|have|been) (?:having |getting )?(?:thinking|thoughts) "
    rf"(?:of|about) (?:killing|hurting|harming|stabbing|poisoning) {_PERSON}",
    rf"{_I} {_SOFT}{_WANT} (?:kill|hurt|harm|poison) (?:a |my |the )?patients?",
)
_SPANISH_HIGH = (
    r"(?:me )?(?:quiero|kiero|quisiera|deseo|gustaria|ganas de|prefiero) (?:morir(?:me)?"
    r"|estar muert[oa]|matarme|suicidarme|desaparecer para siempre|dejar de (?:vivir|existir)"
    r"|quitarme la vida|acabar con (?:todo|mi vida)|no despertar|dormir y no despertar"
    r"|hacerme dano|cortarme(?! (?:el pelo|las unas|un))|ahorcarme|tirarme (?:por|de|al|desde))",
    r"no (?:quiero|kiero) (?:seguir viviendo|vivir(?! (?:en|con|de|cerca|sol))|existir"
    r"|estar viv[oa]|despertar(?:me)?(?! (?:a|temprano|tan|antes)))",
    r"(?:no quiero estar aqui (?:mas|ya)|ya no quiero estar aqui|no quiero estar mas aqui)"
    r"(?! en (?:el|la|este|esta) (?:curso|clase|chat|hospital|modulo))",
    r"(?:voy a|pienso en|pensando en|pense en|he pensado en|pensado en|intente|planeo|quise) "
    r"(?:matarme|suicidarme|quitarme la vida|ahorcarme|hacerme dano|cortarme(?! (?:el|las|un))"
    r"|(?:el )?suicidio(?! (?:asistido|como|en|medicamente)))",
    r"me (?:voy a|quiero) (?:matar|suicidar|ahorcar)(?! (?:a|estudiando|trabajando)\b)",
    r"me (?:suicido|suicidare|matare|autolesiono|hago dano|quiero morir|ahorco)",
    r"(?:tengo|tuve|mis) (?:muchos |muchas |algunas |unos )?(?:pensamientos|ideas|ganas) "
    r"(?:suicidas|de suicidio|de suicidarme|de muerte)",
    r"(?:estoy|me siento) (?:muy )?suicida",
    r"mejor (?:sin mi(?! \w)|si (?:yo )?(?:no estuviera|me muero|muriera))",
    r"(?:estaria|estoy) mejor muert[oa]",
    r"ojala (?:estuviera|estuviese) muert[oa]",
    r"ojala (?:me muera|me muriera|me hubiera muerto|no hubiera nacido|no (?:me )?despertara)",
    r"mi vida (?:ya )?no (?:vale|tiene sentido|merece)",
    r"no (?:vale|merece) la pena (?:seguir viviendo|vivir(?= \.|$| mas| asi))",
    r"no tengo (?:motivos|razones|razon|ganas) (?:para|de) (?:seguir viviendo|vivir)",
    r"no le (?:veo|encuentro) sentido a (?:la vida|mi vida|vivir)",
    r"(?:cansad[oa]|hart[oa]) de vivir(?! (?:en|con|asi de))",
    r"(?:quiero|voy a|ganas de|pienso en|pensando en) (?:(?:matar|apunalar|asesinar|envenenar"
    r"|lastimar)l[oae]s?|(?:matar|apunalar|asesinar|envenenar|lastimar|hacer(?:le|les)? dano) a "
    r"(?:mi|mis|alguien|todos|un|una|ese|esa|el|ella|ellos|la|los) ?\w*|hacerles? dano)",
)
_DE_GAP = r"(?:(?!(?:nicht|kein\w*|wird|werden|er|sie|der|die|das|es|patient\w*)\b)\w+ ){0,4}"
_DE_NO_MORE = (
    r"nicht mehr (?:leben|da sein|hier sein|existieren|aufwachen|weiterleben|am leben sein)"
)
_DE_SELF = (
    r"(?:mich (?:selbst )?(?:umbringen|toten|toeten|aufhangen|aufhaengen|erhangen|erschiessen"
    r"|ritzen|verletzen)|mir (?:selbst )?(?:das leben nehmen|et?was antun|was antun|wehtun)"
    r"|allem ein ende (?:setzen|machen|bereiten)|meinem leben ein ende (?:setzen|machen)"
    r"|mein leben beenden|(?:selbstmord|suizid) (?:begehen|machen)|von der brucke springen)"
)
_DE_WILL = r"(?:will|mochte|moechte|wollte|wurde gerne?|wuerde gerne?|werde|konnte|muss)"
_GERMAN_HIGH = (
    rf"ich {_DE_WILL} {_DE_GAP}(?:sterben(?! vor)|tot sein|{_DE_NO_MORE}|{_DE_SELF})",
    rf"(?:will|mochte|moechte) ich {_DE_GAP}(?:sterben(?! vor)|tot sein|{_DE_NO_MORE}|{_DE_SELF})",
    rf"(?:dass|weil|wenn|ob|da|denn) ich {_DE_GAP}(?:sterben (?:will|mochte|moechte)"
    r"|nicht mehr leben (?:will|mochte|moechte|kann)|tot (?:ware|waere))",
    rf"ich (?:denke|denk|dachte|uberlege|habe vor|hab vor|plane) {_DE_GAP}(?:zu )?{_DE_SELF}",
    r"ich (?:denke|denk|dachte|habe) (?:\w+ ){0,3}(?:daran|darüber|daruber) (?:gedacht )?"
    r"(?:mich (?:umzubringen|zu toten|zu ritzen|zu verletzen)|mir das leben zu nehmen"
    r"|zu sterben)",
    r"ich bringe? mich (?:\w+ )?um",
    r"ich (?:ritze|verletze) mich (?:selbst|wieder|oft|regelmassig|seit|absichtlich|manchmal)",
    r"ich ritze mich",
    r"ich (?:denke|denk|dachte) (?:\w+ ){0,3}an (?:selbstmord|suizid)(?! ?pravention)",
    r"(?:ich habe|habe ich|hab ich|ich hab|meine) (?:oft |immer |wieder |gerade |starke |auch |"
    r"manchmal ){0,2}(?:selbstmord|suizid)gedanken",
    r"ich bin (?:\w+ )?(?:suizidal|selbstmordgefahrdet|lebensmude|lebensmuede)",
    r"(?:wunschte|wuenschte|wunsche|wuensche) (?:mir )?ich (?:ware|waere) "
    r"(?:tot|nie geboren|nicht mehr (?:da|am leben))",
    r"ich (?:ware|waere) (?:lieber|besser|am liebsten) (?:tot|nie geboren)",
    r"ohne mich (?:\w+ ){0,2}besser (?:dran|gehen)|besser dran ohne mich",
    r"mein leben (?:hat keinen sinn|ist nicht mehr lebenswert|ist nicht lebenswert"
    r"|ist nichts wert)",
    r"hat mein leben (?:noch |uberhaupt )?keinen sinn",
    r"(?:ich|mir) (?:\w+ ){0,3}keinen grund (?:mehr )?zu(?:m)? leben",
    r"(?:habe|hab) keinen lebenswillen(?: mehr)?",
    r"ich (?:will|mochte|moechte|werde) (?:ihn|jemand(?:en|em)?|alle|euch|dich|mein(?:e|en|em|er)? "
    r"(?:chef|chefin|tutor|tutorin|betreuer|betreuerin|kollegen?|kollegin|mann|frau|partner"
    r"|partnerin|lehrer|lehrerin|mutter|vater|bruder|schwester|freund|freundin|prufer|dozenten?)) "
    r"(?:umbringen|toten|toeten|verletzen|erstechen|erschiessen|abstechen|wehtun|vergiften)",
)

_ENGLISH_MODERATE = (
    rf"{_I} (?:am )?not (?:\w+ )?{_SUICIDAL}",
    rf"{_I} {_SOFT}(?:am |feel |feeling |felt |been |getting |completely |totally |very |a bit |"
    r"too |utterly |absolutely ){0,3}(?:overwhelmed|hopeless|worthless|desperate|panicking|"
    r"panicked|burnt out|burned out|breaking down|falling apart|drowning in|at breaking point|"
    r"depressed|in despair|a failure|stressed out|trapped|so alone|losing it|at my limit)",
    rf"{_I} (?:am |feel |feeling |getting )?(?:so|really|very|super|too|extremely|unbelievably"
    rf"|rlly|"
    r"proper) (?:stressed|anxious|scared|lonely|low|upset|miserable|down)\b",
    rf"{_I} (?:\w+ ){{0,2}}(?:crying|sobbing|in tears)(?! (?:with|out for|wolf|shame))",
    r"(?:^|(?<=\. ))(?:just |literally |actually )?(?:crying|sobbing|in tears)"
    r"(?! (?:with|out for|wolf|shame|over spilt))",
    rf"{_I} (?:cried|keep crying|been crying|could cry|want to cry|feel like crying)",
    rf"i {_SOFT}(?:cant|cannot|can not|cnt|couldnt|could not|am not|not) (?:really )?"
    r"(?:coping|cope|go on(?= \.|$| any ?more| like this)|handle (?:this|it) any ?more"
    r"|take (?:it|this|much) (?:any ?more|any longer|no more|more)|do this any ?more|breathe"
    r"|stop crying|bear (?:it|this))",
    r"(?:im not|not) coping",
    rf"{_I} (?:am )?struggling to cope",
    rf"(?:{_I}|my|me) (?:\w+ ){{0,3}}(?:panic attacks?|nervous breakdown|mental breakdown"
    r"|a breakdown)",
    rf"{_I} {_SOFT}(?:am )?(?:feel like|close to|thinking of|thinking about|ready to|want to|wanna"
    r"|about to) (?:giv(?:e|ing) up|quit(?:ting)?)(?= \.|$| on| uni| everything| now"
    r"| completely| altogether| all| sometimes| again| medicine| nursing| the course)",
    r"whats the point (?:of|in) (?:me|anything|it all|trying|going on)(?= \.|$| any ?more)",
    rf"{_I} (?:hate|hating) (?:my life|myself)",
    rf"{_I} (?:am )?(?:feel|feeling) (?:\w+ )?(?:useless|numb|empty|alone|like a failure|broken)"
    r"(?= \.|$| and| all| these| inside)",
    r"after what happened to me",
    rf"{_I} {_SOFT}{_WANT} (?:disappear|run away)(?= \.|$)",
    r"i (?:really |just )?(?:dont|do not) (?:want to|wanna) be here",
    r"wish (?:that )?i (?:wasnt|was not|werent) here",
)
_SPANISH_MODERATE = (
    r"(?:estoy|me siento|ando) (?:muy |tan |super |totalmente |completamente |bastante )?(?:agobiad"
    r"|abrumad|desbordad|desesperad|hundid|destrozad|deprimid|superad|angustiad)[oa]",
    r"(?:estoy|ando) (?:muy |super |tan )(?:estresad|ansios)[oa]",
    r"estoy (?:llorando|en panico|al limite|al borde)",
    r"me siento (?:muy |tan )?(?:vaci[oa]|sol[oa]|inutil|un fracaso)",
    r"(?:ya )?no (?:puedo|aguanto|doy) (?:con esto |para )?mas(?! que)",
    r"no lo (?:soporto|aguanto)",
    r"(?:me dio|tengo|tuve|me da|un) (?:un )?ataques? de (?:panico|ansiedad)",
    r"(?:ganas de|no paro de|no puedo (?:parar|dejar) de|me pongo a|quiero) llorar",
    r"(?:quiero|ganas de|voy a|a punto de) (?:rendirme|tirar la toalla|dejarlo todo)",
    r"odio mi vida|me odio",
    r"esto me supera",
    r"quiero desaparecer",
    r"no quiero estar aqui",
)
_GERMAN_MODERATE = (
    r"(?:ich bin|bin|ich fuhle mich|fuhle mich|ich fuehle mich) (?:vollig |voellig |total |so "
    r"|sehr "
    r"|komplett |ganz |echt |einfach ){0,2}(?:uberfordert|ueberfordert|verzweifelt|am ende"
    r"(?= \.|$| mit)|hoffnungslos|panisch|ausgebrannt|wertlos|leer|hilflos|am boden|deprimiert)",
    r"ich bin (?:so|sehr|total|vollig|extrem|echt) (?:gestresst|angstlich|einsam|fertig)",
    r"ich (?:weine|heule|muss weinen|musste weinen|konnte (?:nur )?(?:noch )?(?:weinen|heulen)"
    r"|bin am (?:weinen|heulen))",
    r"ich sitze (?:\w+ ){0,3}und (?:weine|heule)",
    r"(?:ich kann|kann ich|ich will) (?:einfach |das )?nicht mehr(?= \.|$| so)",
    r"ich (?:halte|halt|halts) (?:das |es )?(?:einfach )?nicht mehr aus",
    r"ich schaff(?:e|s)? (?:das |es )?(?:alles )?(?:einfach )?nicht mehr",
    r"(?:ich|hatte|habe|eine) (?:\w+ ){0,2}panikattacken?",
    r"ich (?:habe|kriege|bekomme|krieg) (?:gerade |echt |totale )?panik",
    r"(?:ich )?(?:will|mochte|moechte|wurde|konnte) (?:am liebsten |einfach |nur noch )?"
    r"(?:aufgeben|alles hinschmeissen)",
    r"ich hasse (?:mein leben|mich)",
    r"(?:es |das )?(?:ist|wird) mir (?:einfach )?alles zu viel|mir (?:ist"
    r"|wird) (?:das )?alles zu viel",
    r"ich (?:hatte|habe|hab) (?:\w+ ){0,2}nervenzusammenbruch",
)
_IDIOMS = (
    r"shoot(?:ing)? myself in the foot",
    r"kil+(?:ing|ed)? myself (?:laughing|over|trying|to (?:finish|get|meet|write|pass|make|do)"
    r"|with (?:work|this|revision|worry)|studying|writing|working|revising)",
    r"(?:die|died|dying|dead|morir(?:me)?|muero|muriendo|sterben|sterbe) (?:of|from|with|de|vor) "
    r"(?:embarrassment|boredom|shame|laughter|laughing|curiosity|cringe|hunger|thirst|jealousy|"
    r"happiness|risa|verguenza|hambre|sueno|ganas|aburrimiento|frio|calor|amor|envidia|sed|"
    r"scham|langeweile|hunger|lachen|neugier|peinlichkeit)",
    r"(?:die|dying) (?:laughing|to|for)\b",
    r"to die for",
    r"cut(?:ting)? myself (?:short|off|some slack|shaving|a (?:slice|piece|break)|on (?:a|the|some)"
    r"|loose|chopping|cooking|out)",
    r"hurt(?:ing)? myself (?:playing|lifting|moving|running|skiing|falling|cooking"
    r"|at (?:the gym|work|football)|on the (?:stairs|ward|ice)|by (?:relying|not|using))",
    r"(?:physician |medically )?assisted suicide|suicidio asistido",
    rf"{_SUICIDE} (?:prevention|risk|rates?|assessment|awareness|research|studies|notes?|essay"
    r"|cases?|module|topic|policy|policies|screening|intervention|statistics|literature|training"
    r"|hotline|attempts? (?:in|among|by)|bombers?|mission|watch|as a|among|in (?:young|older|men))",
    rf"{_SUICIDAL} (?:patients?|clients?|people|students?|adolescents|teenagers?|ideation "
    r"(?:in|scale|among)|behaviou?rs? (?:in|among|as))",
    r"end(?:ing)? it all (?:with|by|on)",
)


def _any(parts: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(parts) + r")(?!\w)")


HIGH = _any((*_ENGLISH_HIGH, *_SPANISH_HIGH, *_GERMAN_HIGH))
MODERATE = _any((*_ENGLISH_MODERATE, *_SPANISH_MODERATE, *_GERMAN_MODERATE))
IDIOMS = _any(_IDIOMS)

REPORTED = re.compile(
    r"(?:(?:patients?|clients?|students?|he|she|they|someone|somebody|people|person|pt|man|woman"
    r"|girl|boy|colleague|character|friend|users?|anyone|resident|teenager|child|learner) "
    r"(?:\w+ ){0,2}(?:sa(?:id|ys?|ying)|tell(?:s|ing)?|told|writ(?:es?|ing)|wrote|typ(?:es?|ed|ing)"
    r"|ask(?:s|ed)?|state[sd]?|report(?:s|ed)?|disclose[sd]?|text(?:s|ed)|post(?:s|ed)|message[sd])"
    r" (?:(?:me|us|him|her|them|that|the|chatgpt|chatbot|bot|tutor|team|doctor|nurse|gp|to|a|an|it"
    r"|ai|in|into|like|something|just|out|loud) ){0,5}"
    r"|(?:paciente|cliente|alumn[oa]|estudiante|ella|alguien|persona) (?:me |nos |le )?"
    r"(?:dijo|dice|decia|escribio|escribe|comento) (?:que )?"
    r"|(?:patient|patientin|jemand|student|studentin) (?:sagte?|schrieb|schreibt|meinte|erzahlte) "
    r"(?:mir |uns |dass ){0,2})$"
)
"""Before a match: the words are another's ("a patient told me: …")."""

NEGATED = re.compile(
    r"(?<!\w)(?:dont|do not|never|wont|would never|wouldnt|not|didnt|havent|no quiero|nunca"
    r"|no voy a"
    r"|nicht) (?:(?:actually|really|ever|going to|gonna|want to|wanna|thinking of|thinking about"
    r"|feel like|intend to|plan to|planning to|trying to|have|had|any|thoughts of|to) ){0,4}$"
)
"""Before a match: the person says that it is not so. Then it is not high, but is heard."""
