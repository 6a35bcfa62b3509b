"""Labels of drugs that don't exist, for the sections that the readable labels lack: dosing, populations, pharmacology, storage.

In: a random source. Out: `pairs`. Each line of `ITEMS` is a section, what a label says there and how people ask for it;
all was written for this product. Figures and names are drawn anew for every label.
"""

import random
from collections.abc import Iterator

from train_pair import Pair
from train_wording import styled

_LABELS = 12  # invented
_NAMES = (
    "ZOLVANTRA|zolvantinib", "MIRECTA|mirectamab", "TALOVEX|talovexine", "ORBIQUEN|orbiquentide", "CARDEXIL|cardexilast", "NUVERIO|nuveriostat",
    "PELTORA|peltoravir", "HEXAMYL|hexamylone", "VASCOTRI|vascotripril", "LUMENDA|lumendazole", "KORVIPTA|korvigliptin", "SEROLIX|serolixetine",
)  # fmt: skip
ITEMS = """1 INDICATIONS AND USAGE|{D} is indicated for the treatment of adult patients with {dis}.|what is it approved for?;what is {d} used to treat?;indication;approved use in adults;who is it for
1 INDICATIONS AND USAGE Limitations of Use|{D} is not recommended for use in patients with {oth}.|limitations of use;is it indicated in {oth}?;not for which patients?
2 DOSAGE AND ADMINISTRATION 2.1 Recommended Dosage|The recommended starting dose of {D} is {a} mg taken orally once daily with or without food.|starting dose;what dose do I begin with?;initial dose of {d};take with a meal?;usual adult dose;with food or empty stomach?
2 DOSAGE AND ADMINISTRATION 2.1 Recommended Dosage|The dose may be increased to a maximum of {b} mg per day based on response and tolerability.|max daily dose;highest dose;how far can I titrate?;maximum recommended dose;when can the dose go up?
2 DOSAGE AND ADMINISTRATION 2.1 Recommended Dosage Missed Dose|If a dose is missed by more than {h} hours, skip it and take the next dose at the regular time.|missed dose;forgot a tablet, take it late?;pt skipped a dose yesterday;what if a dose is forgotten?
2 DOSAGE AND ADMINISTRATION 2.2 Dosage in Renal Impairment|In patients with severe renal impairment (CLcr less than 30 mL/min), the recommended dose is {c} mg once daily.|renal dosing;dose in bad kidneys;dose if CrCl 20;kidney failure dose adjustment;severe renal impairment starting dose
2 DOSAGE AND ADMINISTRATION 2.3 Dosage in Hepatic Impairment|Reduce the dose to {c} mg once daily in patients with moderate hepatic impairment (Child-Pugh B).|dose in cirrhosis;liver disease dose;Child-Pugh B dose;hepatic dose adjustment
2 DOSAGE AND ADMINISTRATION 2.4 Pediatric Patients|The recommended dosage for pediatric patients 6 years and older is {f} mg/kg every {h} hours.|dose for kids;paediatric dosing mg/kg;how much for an 8 year old?;child dose
2 DOSAGE AND ADMINISTRATION 2.5 Dosage Modifications|Withhold {D} for Grade 3 toxicity until it resolves to Grade 1, then resume at {c} mg.|dose modification for grade 3;when to hold and restart;resume at what dose after toxicity?;lower dose after grade 3 event
2 DOSAGE AND ADMINISTRATION 2.6 Strong CYP3A4 Inhibitors|If a strong CYP3A4 inhibitor must be used, do not exceed {c} mg of {D} daily.|cap with clarithromycin;max dose with ketoconazole;dose limit on CYP3A4 inhibitor
2 DOSAGE AND ADMINISTRATION 2.7 Preparation|Reconstitute each vial with {h} mL of Sterile Water for Injection and swirl gently; do not shake.|how to mix the vial;what volume of diluent?;reconstitution;can I shake it?
2 DOSAGE AND ADMINISTRATION 2.7 Administration|Administer as an intravenous infusion over {m} minutes through an in-line filter.|infusion rate;infuse over how long?;filter needed?;give as a bolus?
3 DOSAGE FORMS AND STRENGTHS|Tablets: {c} mg, {a} mg and {b} mg, film-coated, debossed with "{n}" on one side.|available strengths;what tablets are there?;tablet imprint;code on the tablet;dosage form
4 CONTRAINDICATIONS|{D} is contraindicated in patients with known hypersensitivity to any component of the product.|contraindications;allergic to an ingredient - can they take it?;who must not take it?
4 CONTRAINDICATIONS|Do not give together with monoamine oxidase inhibitors or within 14 days of stopping one.|MAO inhibitor with it?;can a patient on an MAOI have it?;how long after stopping an MAOI?
7 DRUG INTERACTIONS 7.1 CYP3A4 Inhibitors|Coadministration with ketoconazole increased {d} AUC by {p}% and Cmax by {q}%.|AUC change with ketoconazole;ketoconazole effect on exposure;azole antifungal interaction;Cmax with ketoconazole
7 DRUG INTERACTIONS 7.2 CYP3A4 Inducers|Rifampin decreased {d} exposure by {p}%; avoid concomitant use of strong inducers.|rifampin interaction;TB drug rifampicin with it?;carbamazepine or phenytoin together?;effect of inducers
7 DRUG INTERACTIONS 7.3 Warfarin|Check the INR more often when {D} is started or stopped in patients taking warfarin.|warfarin - INR change?;blood thinner interaction;how often to check INR with it?
7 DRUG INTERACTIONS 7.4 Digoxin|{D} increased steady-state digoxin concentrations by approximately {q}%; monitor digoxin levels.|digoxin levels;dig and {d};does it raise digoxin?
7 DRUG INTERACTIONS 7.5 Grapefruit Juice|Patients should not consume grapefruit or Seville oranges, which raise {d} levels.|grapefruit?;can they drink grapefruit juice;juice interaction
7 DRUG INTERACTIONS 7.6 Oral Contraceptives|Exposure to ethinyl estradiol was increased by {q}% when given with {D}.|the pill;birth control pill levels;oral contraceptive interaction
7 DRUG INTERACTIONS 7.7 Antacids|Take {D} at least 2 hours before or 4 hours after antacids containing aluminum or magnesium.|antacids;Maalox spacing;how far apart from antacids?
8 USE IN SPECIFIC POPULATIONS 8.1 Pregnancy|Pregnancy Category C: in animal studies, {d} caused fetal malformations at {h} times the human exposure.|pregnancy category;teratogenic in animals?;safe in pregnant women?;birth defects
8 USE IN SPECIFIC POPULATIONS 8.1 Pregnancy|There are no adequate and well-controlled studies of {D} in pregnant women.|human pregnancy data;studies in pregnancy?;evidence in pregnant patients
8 USE IN SPECIFIC POPULATIONS 8.3 Nursing Mothers|It is not known whether {d} is excreted in human milk; a decision should be made whether to discontinue nursing.|breast milk?;lactation;can a mother nurse;breast-feeding ok?
8 USE IN SPECIFIC POPULATIONS 8.4 Pediatric Use|Safety and effectiveness in pediatric patients below {h} years of age have not been established.|children?;approved in kids?;minimum age;use under 12;pediatric safety
8 USE IN SPECIFIC POPULATIONS 8.5 Geriatric Use|Of the total number of subjects in clinical studies, {p}% were 65 and over; no overall differences in safety were observed.|elderly;older adults - any difference?;how many were over 65?;seniors
8 USE IN SPECIFIC POPULATIONS 8.6 Renal Impairment|No dose adjustment is needed in mild to moderate renal impairment; {D} has not been studied in patients on dialysis.|dialysis patients;studied in ESRD?;moderate renal impairment adjustment?;removed by hemodialysis?
8 USE IN SPECIFIC POPULATIONS 8.7 Hepatic Impairment|In volunteers with hepatic cirrhosis, {d} clearance was reduced, raising AUC by {p}%.|exposure in liver disease;cirrhosis AUC;how much higher in Child-Pugh A/B
9 DRUG ABUSE AND DEPENDENCE 9.1 Controlled Substance|{D} contains {d}, a Schedule IV controlled substance.|controlled substance?;DEA schedule;is it scheduled
10 OVERDOSAGE|In case of overdose, standard supportive measures should be adopted; there is no specific antidote.|overdose management;took too many tablets;antidote?;what to do in an overdose
10 OVERDOSAGE|Hemodialysis is not expected to enhance clearance because {d} is highly bound to plasma proteins.|dialyzable?;does dialysis help in overdose?
11 DESCRIPTION|{D} tablets contain lactose monohydrate, microcrystalline cellulose, magnesium stearate and titanium dioxide.|inactive ingredients;excipients;does it contain lactose?;fillers
11 DESCRIPTION|The molecular formula of {d} is C22H30N6O4S with a molecular weight of {n}.|molecular weight;chemical formula
12 CLINICAL PHARMACOLOGY 12.1 Mechanism of Action|{D} is a selective inhibitor of the {tgt} enzyme, which reduces downstream signaling.|mechanism of action;how does it work?;MOA;what does it inhibit?;drug target
12 CLINICAL PHARMACOLOGY 12.2 Pharmacodynamics Cardiac Electrophysiology|At {h} times the recommended dose, {D} did not prolong the QTc interval to a clinically relevant extent.|thorough QT study;QTc effect;does it prolong QT?
12 CLINICAL PHARMACOLOGY 12.2 Pharmacodynamics|The effect began within {m} minutes and lasted up to {h} hours after dosing.|onset of action;how quickly does it work?;duration of effect;how long does it last?
12 CLINICAL PHARMACOLOGY 12.3 Pharmacokinetics Absorption|Peak levels occur about {h} hours after an oral dose, with an absolute bioavailability of {p}%.|Tmax;bioavailability;time to peak level;how well is it absorbed?
12 CLINICAL PHARMACOLOGY 12.3 Pharmacokinetics Absorption|A high-fat meal delayed Tmax by {m} minutes and reduced Cmax by {q}%.|food effect;fatty meal;Cmax with food;eat before taking?
12 CLINICAL PHARMACOLOGY 12.3 Pharmacokinetics Distribution|The mean volume of distribution is {n} L and plasma protein binding is {p}%.|volume of distribution;Vd;protein bound %;how much is bound to proteins?
12 CLINICAL PHARMACOLOGY 12.3 Pharmacokinetics Metabolism|{D} is metabolized predominantly by CYP3A4 and to a minor extent by CYP2C9.|which CYP?;metabolism;how is it broken down?;metabolised by which enzyme
12 CLINICAL PHARMACOLOGY 12.3 Pharmacokinetics Elimination|The terminal half-life is approximately {h} hours.|half-life;t1/2;how long does it stay in the body?;elimination half life
12 CLINICAL PHARMACOLOGY 12.3 Pharmacokinetics Elimination|About {p}% of the dose is excreted in feces and {q}% in urine as metabolites.|renal excretion;how much leaves in urine?;route of elimination;fecal excretion %
12 CLINICAL PHARMACOLOGY 12.3 Pharmacokinetics Geriatrics|Steady-state exposure was {q}% greater in subjects older than 65 than in the young.|levels in the elderly;plasma concentration old vs young;AUC older people
13 NONCLINICAL TOXICOLOGY 13.1 Carcinogenesis, Mutagenesis, Impairment of Fertility|{D} was not carcinogenic in rats given doses up to {h} times the human dose for 24 months.|cause cancer in animals?;carcinogenicity;rat studies
13 NONCLINICAL TOXICOLOGY 13.1 Carcinogenesis, Mutagenesis, Impairment of Fertility|Mating and fecundity of male and female rats were unaffected at {h} times the clinical exposure.|male fertility;fertility effects;does it impair fertility?
14 CLINICAL STUDIES|The primary endpoint was met: {p}% of patients on {D} responded compared with {q}% on placebo.|response rate;efficacy vs placebo;how well did it work?;primary endpoint result;responders on drug
14 CLINICAL STUDIES|The hazard ratio for death was 0.{q} (95% CI 0.{c}, 0.{p}) in favor of {D}.|hazard ratio survival;overall survival benefit;HR for death;did it reduce mortality?
14 CLINICAL STUDIES|Mean FEV1 improved by 0.{h} L with {D} and by 0.0{c} L with placebo at week {m}.|FEV1 change;lung function improvement;how much did FEV1 rise?
14 CLINICAL STUDIES Study Design|Study 1 randomized {n} patients 2:1 to {D} or placebo; the median age was {q} years.|study design;how many were randomised?;median age in the trial;number of pts in study 1
16 HOW SUPPLIED/STORAGE AND HANDLING|{D} {a} mg tablets are supplied in bottles of {m}, NDC 0000-{n}-30.|NDC;bottle size;how supplied;pack size
16 HOW SUPPLIED/STORAGE AND HANDLING Storage|Store at 20°C to 25°C (68°F to 77°F); protect from light and moisture.|storage temp;room temperature or fridge?;how should it be kept?;protect from light?
16 HOW SUPPLIED/STORAGE AND HANDLING Storage|Refrigerate the vials; after reconstitution use within {h} hours and discard unused portion.|stable for how long after mixing?;refrigerate?;shelf life once reconstituted;use within
17 PATIENT COUNSELING INFORMATION|Advise patients to call their doctor at once for chest pain or swelling of the face.|what to tell the patient;when should they seek help?;face swells - advice
17 PATIENT COUNSELING INFORMATION|Instruct patients not to drive until they know how {D} affects them.|driving;ok to drive?;operate machinery
PATIENT INFORMATION What should I avoid while taking {D}?|Do not drink large amounts of alcohol while taking {D}.|alcohol?;can I have a drink;wine or beer with it""".splitlines()
_DISEASES = ("hypertension", "relapsed lymphoma", "partial-onset seizures", "type 2 diabetes", "rheumatoid arthritis", "chronic hepatitis C", "asthma", "psoriasis")
_TARGETS = ("tyrosine kinase", "phosphodiesterase", "dipeptidyl peptidase", "HMG-CoA reductase", "factor Xa", "integrase")


def pairs(rng: random.Random) -> list[Pair]:
    """Two questions on every item of every invented label."""
    return [pair for number in range(_LABELS) for pair in _label(number, rng)]


def _label(number: int, rng: random.Random) -> Iterator[Pair]:
    brand, generic = _NAMES[number % len(_NAMES)].split("|")
    dose = rng.choice((5, 10, 20, 25, 50, 100))
    figures = {"D": brand, "d": generic, "dis": rng.choice(_DISEASES), "oth": rng.choice(_DISEASES), "tgt": rng.choice(_TARGETS)}

    def drawn() -> dict[str, object]:
        return figures | {
            "a": dose, "b": dose * 4, "c": dose // 2, "f": rng.randint(1, 20), "h": rng.randint(2, 24), "m": rng.choice((15, 30, 60, 90)),
            "n": rng.randint(120, 900), "p": rng.randint(40, 98), "q": rng.randint(10, 39),
        }  # fmt: skip

    said = [(line.split("|")[0].format(**figures), line.split("|")[1].format(**drawn()), line.split("|")[2]) for line in ITEMS]
    for place, (section, sentence, asked) in enumerate(said):
        beside = said[place - 1] if rng.random() < 0.5 or place + 1 == len(said) else said[place + 1]
        for wording in rng.sample(asked.split(";"), 2):
            question = wording.format(**figures)
            if rng.random() < 0.25 and "{d}" not in wording:
                question = f"{question.rstrip('?')} {rng.choice((brand.capitalize(), generic))}"
            passage, wrong = f"{brand} {section}. {sentence}", f"{brand} {beside[0]}. {beside[1]}"
            yield Pair("invented", f"invented-{number}", styled(question, rng), passage, wrong, f"{place}")
