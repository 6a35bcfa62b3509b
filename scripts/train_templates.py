"""What clinicians ask: wordings by what a sentence or a table row says.

`ROWS` ask for a value of a row, `SENTENCES` go by a pattern in the sentence: {topic} is what the sentence is about,
{object} what the pattern's first group caught, {drug} the product. All was written for this product.
"""

import re

ROWS = (
    "{term} {arm}?", "{term} rate {arm}", "{term} {arm} %", "how common is {term} {arm}?", "how often does {term} occur {arm}?",
    "what percentage of patients had {term} {arm}?", "incidence of {term} {arm}", "how many patients got {term} {arm}?",
    "{term} - how often {arm}?", "{term} frequency {arm}", "what is the rate of {term} {arm}?", "{arm}: {term}?",
    "proportion of patients with {term} {arm}", "{term}, {arm}", "was {term} reported {arm}?", "what share developed {term} {arm}?",
    "percent with {term} {arm}", "how many {arm} had {term}?", "is {term} a side effect {arm}?", "{term} incidence", "{term}?",
    "{term} %", "how frequent is {term}?", "How likely is {term} {arm}?", "any {term} {arm}?", "{term} vs placebo",
    "{term} drug vs control", "does {drug} cause {term}?", "risk of {term} {arm}", "{term} numbers {arm}",
)  # fmt: skip
VALUES = (
    "{term} {arm}", "{term}, {arm}?", "what was {term} {arm}?", "{arm}: {term}", "{term} value {arm}", "{term} {about}",
    "what does the table give for {term} {arm}?", "{about}: {term}", "{term} {about} {arm}", "what is the {term} {arm}?",
)  # fmt: skip
LABS = ("low {stem}", "drop in {stem}", "decrease in {stem}", "{stem} decrease", "reduced {stem}", "fall in {stem}")
RAISED = ("high {stem}", "elevated {stem}", "{stem} elevation", "raised {stem}", "increase in {stem}", "{stem} increase", "{stem} rise")
GRADES = {
    "all": ("all grades", "any grade", "all-grade", "of any grade", "overall", ""),
    "high": ("grade 3/4", "grade 3-4", "grade 3 or 4", "G3/4", "grade 3 or higher", "grade >=3", "severe (grade 3/4)", "gr 3+", "grade 3 plus"),
}  # fmt: skip
GROUPS = (
    "which {group} were reported?", "{group} listed?", "were there any {group}?", "{group} among the common reactions",
    "what {group} occurred {arm}?", "list of {group}",
)  # fmt: skip
FOOTNOTES = (
    "what does {term} include?", "which terms are grouped under {term}?", "what counts as {term}?", "{term} - which preferred terms?",
    "definition of {term} in the table", "what is meant by {term} in the adverse reaction table?", "what is the footnote on {term}?",
    "which terms were lumped into {term}?", "does {term} include {object}?",
)  # fmt: skip
DEFINITIONS = (
    "what does {short} stand for?", "{short} means?", "what is {short}?", "{short} = ?", "define {short}", "meaning of {short}",
    "{short} abbreviation", "what does {short} mean?", "spell out {short}", "{short}?",
)  # fmt: skip
MENTIONS = (
    "does it cause {term}?", "is {term} reported?", "{term}?", "any cases of {term}?", "can {drug} cause {term}?", "{term} on {drug}",
    "is {term} a listed side effect?", "{term} seen in trials or after approval?", "has {term} been reported with {drug}?",
    "{term} - known reaction?", "postmarketing reports of {term}", "reports of {term}", "patient has {term}, is it from {drug}?",
    "{term} risk", "have patients had {term}?",
)  # fmt: skip
_SENTENCES = (
    (r"median (?:time|onset)|time to (?:first )?onset|onset", "how soon does {topic} start?|median time to onset of {topic}|when does {topic} usually occur?|"
     "time to {topic}|{topic} onset - when?|how long until {topic}?|how many days until {topic} starts?|typical onset of {topic}"),
    (r"(?:occurred|reported|observed|developed|experienced|seen).*\d\s?%|\d\s?%.*(?:occurred|reported|observed|developed|experienced)|\d+/\d+|\d\s?%",
     "how common is {topic}?|rate of {topic}|{topic} incidence|what percentage of patients get {topic}?|how many patients had {topic}?|{topic} %|"
     "how often does {topic} occur?|{topic} - how many?|what proportion had {topic}?|frequency of {topic}|{topic} rate {who}|{topic} in {who}?|{topic} {who} %"),
    (r"(?i)placebo|compared (?:to|with)|versus|comparator", "{topic} vs placebo|{topic} compared with control|{topic} in the control arm?|was {topic} more frequent than with placebo?|{topic} drug vs comparator|how did {topic} compare between groups?"),
    (r"(?i)discontinuation|(?:led|leading|due) to .*discontinu|discontinued (?:treatment|therapy)? ?(?:due|because)|withdr[ae]w",
     "how many stopped because of side effects?|discontinuation rate|why did patients stop treatment?|adverse reactions leading to discontinuation|what made patients quit?|permanent discontinuation due to AEs %|dropouts because of {topic}"),
    (r"(?i)dos(?:e|age|ing) (?:reduction|interruption|delay|modification)|reduce the dose|dose adjust",
     "how many needed a dose reduction?|dose interruptions due to adverse reactions|what caused the dose holds?|dose change for {topic}|reduce dose for {topic}?|when to lower the dose|dose modification for {topic}"),
    (r"(?i)\bmonitor(?:ed|ing)?(?: patients)?(?: closely)?(?: for| of)?(?: the)? ([\w ,/-]{4,60})", "what should be monitored for {topic}?|do I need to check {object}?|monitoring for {topic}|how often to monitor {object}?|"
     "which tests for {topic}|how to follow {object}|{object} monitoring|when do we check {object}?|what to watch for with {topic}|labs to order for {topic}"),
    (r"(?i)\b(?:assess|evaluate|obtain|check|perform|measure|test(?:ed)?(?: patients)? for|screen(?:ed)? for)\b ([\w ,/-]{4,60})", "do I need {object} before starting?|baseline {object}?|what to test before starting {drug}|{object} prior to treatment?|which test is needed for {topic}|when to check {object}|work-up before {drug}"),
    (r"(?i)\b(?:discontinue|discontinued|permanently|interrupt|withhold|stop|suspend|delay)\b", "when do I stop {drug}?|{topic}: stop or continue?|when to hold for {topic}|what to do if {topic} occurs?|patient develops {topic} - what now?|"
     "management of {topic}|should treatment be stopped for {topic}?|at what point is it discontinued for {topic}?|action for {topic}|hold {drug} for {topic}?|can it be restarted after {topic}?"),
    (r"(?i)(?:avoid|should not|not recommended|contraindicated|do not|must not)\b", "can it be given with {topic}?|who should not get {drug}?|is {drug} ok in {topic}?|{topic} - contraindicated?|what should be avoided?|is it safe with {topic}?|what must not be done|avoid what?"),
    (r"(?:in|to|with|for) (?:[a-z]+ )?(?:patients|subjects|individuals|adults|women|men) (?:with|who have|receiving|taking|on|who are) ((?:a |an |known |severe |moderate |pre-existing |prior )?[\w -]{4,50})",
     "can it be used in patients with {object}?|{object} - ok?|is it safe with {object}?|my patient has {object}|use in {object}|patient with {object}: any caution?|{object} and {drug}|{topic} in {object}|what if the patient has {object}?"),
    (r"(?i)(?:co-?administ\w+|concomitant\w*|combin\w+|in conjunction|together)(?: use)?(?: of| with| administration of)* ([\w -]{4,50})", "{drug} + {object}?|can {object} be given together with it?|interaction with {object}|taking {object} too|combined with {object}|concomitant {object}"),
    (r"(?i)risk factors?|(?:increased?|greater|higher|at) risk|predispos|more likely|more (?:common|frequent)", "risk factors for {topic}|who is more likely to get {topic}?|which patients are at higher risk of {topic}?|does {object_or_term} raise the risk?|what increases the risk of {topic}?|is the risk of {topic} higher in some patients?"),
    (r"(?i)\b(?:signs?|symptoms?|manifest\w+|present(?:ed|s|ing)? with|characteri[sz]ed by)\b", "symptoms of {topic}|what does {topic} look like?|signs to watch for {topic}|how does {topic} present?|what are the signs of {topic}?|which symptoms should patients report?|clinical picture of {topic}"),
    (r"(?i)pregnan|fet(?:al|us)|embryo|teratogen", "can it be used in pregnancy?|is it harmful to the unborn baby?|pregnant patient - ok?|safe while pregnant?|pregnancy warning|fetal risk|what if she becomes pregnant?"),
    (r"(?i)contracepti", "is birth control needed?|which contraception?|how long contraception after the last dose?|contraception advice|birth control during treatment"),
    (r"(?i)nursing|breast-?fe|lactat|human milk", "can she breastfeed?|breast-feeding mothers ok?|nursing while on it|lactation advice"),
    (r"(?i)pediatric|children|adolescen|infants", "use in kids?|{topic} in children|can children have it?|pediatric patients: {topic}|{topic} peds|what was seen in adolescents?"),
    (r"(?i)elderly|geriatric|65 years|older (?:patients|adults)", "use in the elderly?|older patients: {topic}|does age matter for {topic}?|over 65s - {topic}?"),
    (r"(?i)renal (?:impair|insuff|fail|func)|creatinine clearance|dialysis|eGFR", "kidney disease: {topic}?|use in renal impairment|kidney function and {topic}|low eGFR - {topic}|dialysis patients?|renal monitoring"),
    (r"(?i)hepatic (?:impair|insuff|fail|func)|cirrhosis|liver disease|transaminase|\bALT\b|\bAST\b", "liver disease: can they have it?|LFT elevations|liver tests|how often were liver enzymes raised?|{topic} and liver enzymes|use in hepatic impairment|liver enzyme threshold"),
    (r"(?i)times (?:the )?(?:upper limit|ULN)|[x×*] ?ULN|ULN", "ALT above 3x ULN - how many?|transaminase cut-off|how high did the enzymes go?|LFT threshold for {topic}|when are enzymes too high?"),
    (r"(?i)vaccin", "vaccines ok?|live vaccines during therapy?|can patients be vaccinated?|vaccination before starting|which vaccines to avoid?"),
    (r"(?i)fatal|deaths?\b|died|mortality|life-threatening", "any deaths from {topic}?|fatal cases of {topic}|mortality|did anybody die?|rate of fatal adverse reactions|how serious can {topic} be?"),
    (r"(?i)resol(?:ved|ution)|reversible|recover|improved|subsided|returned to", "does {topic} go away after stopping?|is {topic} reversible?|did {topic} resolve?|how long does {topic} last?|recovery from {topic}|outcome of {topic}"),
    (r"(?i)antibod|immunogen", "immunogenicity|anti-drug antibodies %|how many developed antibodies?|neutralizing antibodies?|do antibodies matter?|antibody positive patients"),
    (r"(?i)driv(?:e|ing)|machinery|hazardous|alert", "can they drive?|driving on {drug}|operate machines?|is it sedating - driving advice"),
    (r"(?i)(?:within|after|up to|as early as|during|for) (?:the )?(?:first |at least |approximately )?(?:\d+|one|two|three|four|six|several|a few) (?:minutes|hours|days|weeks|months|years|cycles)", "how long after {topic_or_drug}?|when does {topic} occur?|time frame for {topic}|how many weeks?|for how long? {topic}|{topic}: duration|how early can {topic} happen?|how long should patients be watched?"),
    (r"(?i)mean (?:change|increase|decrease)|median|\bmean\b|average", "mean change in {topic}|average {topic}|median {topic}|how much did {topic} change?|{topic} change from baseline|size of the effect on {topic}"),
    (r"(?i)database|exposed to|safety (?:of|population|was evaluated)|were treated with|duration of (?:exposure|treatment)|median age|enrolled", "how many patients were in the safety database?|how many were exposed?|duration of exposure|median age of patients|who was studied?|study population|trial size|how long were they treated?|what was the study design?"),
    (r"(?i)most (?:common|frequent)", "most common side effects|commonest adverse reactions {who}|which reactions are most frequent?|most common AEs|top side effects|common reactions >=5%?|what side effects to expect?"),
    (r"(?i)serious (?:adverse|infection|reaction|event)|serious", "serious adverse reactions|serious {topic}|how many had serious events?|most frequent serious AEs"),
    (r"(?i)premedic|antihistamine|corticosteroid|acetaminophen|epinephrine", "premedication?|what to give before the infusion|steroids for {topic}?|antihistamine needed?|treatment of {topic}|how to prevent {topic}"),
    (r"(?i)treat(?:ed)? with|treatment of|manage|institute|initiate|supportive|administer", "how to treat {topic}|{topic} treatment|what is given for {topic}?|how is {topic} managed?|therapy for {topic}"),
    (r"(?i)has not been (?:studied|established|evaluated)|have not been|unknown|not known|no (?:data|adequate)|cannot be|not possible to", "has it been studied in {topic}?|is there evidence on {topic}?|what is unknown about {topic}?|known cause of {topic}?|data in {topic}?|can frequency be estimated?"),
    (r"(?i)advise|instruct|inform|counsel|tell patients|contact (?:their|a)", "what to tell patients about {topic}|counselling on {topic}|advice for patients: {topic}|when should the patient call?|what should the patient report?"),
    (r"\bQT", "QT prolongation?|does it prolong the QT?|QTc increase|ECG monitoring?"),
    (r"(?i)hazard ratio|relative risk|odds ratio|confidence interval|per (?:1,?000|100)", "relative risk of {topic}|hazard ratio for {topic}|{topic} events per patient-years|{topic} per 1000|confidence interval for {topic}"),
    (r"(?i)post-?marketing|postapproval|voluntar|spontaneous", "postmarketing reports|what was seen after approval?|post-marketing {topic}|reports of {topic} since launch"),
    (r"(?i)\bREMS\b|registry|available only|restricted", "is there a REMS?|restricted program?|how to enrol|certified prescribers?|registry phone number"),
    (r"(?i)because|due to (?:its|the)|mechanism|may be caused|as a result", "why does {topic} happen?|cause of {topic}|reason for {topic}|mechanism of {topic}"),
    (r"(?i)includ(?:e|ed|ing)|such as|following", "what does {topic} include?|examples of {topic}|which events: {topic}|list for {topic}|types of {topic}"),
    (r"\d+ ?(?:mg|mcg|mL|units|g/dL|msec|mmol)", "{topic} at which dose?|{topic} by dose|{topic} cut-off|threshold for {topic}|{topic} with the higher dose"),
)  # fmt: skip
SENTENCES = tuple((re.compile(pattern), tuple(wordings.split("|"))) for pattern, wordings in _SENTENCES)
TERSE = ("{topic} {words}?", "{words} {topic}", "{topic}: {words}", "{words}?", "what about {words} and {topic}?", "{topic} with {words}",
         "does {words} matter for {topic}?", "{topic} - {words}", "tell me about {words} ({topic})", "{words} in {topic}", "is {words} mentioned?")  # fmt: skip
BOXED = ("what's in the boxed warning?", "black box warning {topic}", "boxed warning: {topic}?", "does it have a black box for {topic}?", "what does the black box say about {topic}?")
