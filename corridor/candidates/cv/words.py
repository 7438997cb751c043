# ruff: noqa: E501 - a table of words; Hangul counts double
"""The words by which CVs name their parts, in Korean and English."""

from __future__ import annotations

import re

# Section → the words that name it, spaces left out. Headings are made of these alone.
SECTIONS: dict[str, str] = {
    "personal": "인적사항 인적정보 개인정보 기본정보 기본사항 신상정보 지원자정보 personalinformation "
                "personaldetails personaldata personalprofile contact contactinformation contactdetails contactme",
    "education": "학력 학력사항 최종학력 학력정보 학력내역 학업 education educationalbackground academicbackground "
                 "educationandtraining academichistory academicqualifications degrees",
    "work": "경력 경력사항 경력기술서 경력내용 상세경력 주요경력 근무경력 근무경험 연구경력 실무경력 직장경력 "
            "직무경험 업무경험 업무경력 인턴 인턴경험 인턴십 일한곳 일경험 경험 현장경력 현장경험 현장실습 강의경력 교육경력 경력정보 경력내역 재직경력 경력상세 "
            "professionalappointments academicappointments appointments positions positionsheld experience "
            "professionalbackground researchandwork workandresearch workandinternships professionalhistory "
            "militaryexperience civilianexperience teachingexperience fieldexperience projectexperience "
            ""
            "workexperience professionalexperience employment employmenthistory workhistory "
            "careerhistory researchexperience career internships internship "
            "relevantexperience industryexperience",
    "credentials": "자격 자격증 자격사항 자격면허 자격증면허 면허 자격취득 자격취득사항 보유자격 보유자격증 자격증정보 "
                   "certifications certification certificate certificates licenses licences license "
                   "licensesandcertifications licencesandcertificates professionallicenses professionalcertifications "
                   "credentials licensure",
    "languages": "어학 어학능력 어학사항 어학성적 어학점수 외국어 외국어능력 공인어학성적 공인영어 영어 어학시험 어학정보 외국어시험 외국어사항 어학및외국어 "
                 "languages language languageskills languageproficiency testscores english "
                 "englishproficiency standardizedtests otherlanguages tests languagetests languagetestscores",
    "skills": "기술 주요기술 할줄아는것 qualifications 보유기술 보유기술및장비 기술스택 스킬 보유능력 보유역량 핵심역량 전문기술 할수있는일 "
              "활용가능기술 사용가능기술 활용기술 컴퓨터활용능력 컴퓨터활용 사용장비 장비 연구장비 실험장비 "
              "보유스킬 직무역량 직무기술 보유기능 분석기술 실험기술 skills technicalskills keyskills coreskills tools technologies "
              "digitalskills digitalandtechnicalskills computerskills technologystack "
              "corecompetencies skillsandtools skill equipment topskills software technicalskillsandcompetences "
              "technicalskillsandcompetencies technicalproficiencies technicalexpertise areasofexpertise techniques "
              "researchskills professionalskills instrumentation",
    "military": "병역 병역사항 병역구분 병역관계 병역대상 군복무 병무 military militaryservice",
    "about": "자기소개 자기소개서 소개 간단소개 한줄소개 성장과정 지원동기 입사후포부 성격의장단점 성격장단점 경력요약 핵심요약 나를소개합니다 자기pr summary profile "
             "objective aboutme about personalstatement professionalsummary careersummary careerobjective executivesummary",
    "interests": "연구관심분야 관심연구분야 관심연구 연구관심사 연구분야 researchinterests "
                 "researchinterest",
    "other": "수상 수상경력 수상내역 수상사항 상훈 경험활동교육 인턴대외활동 교내외활동 교내활동 대내외활동 주요활동 동아리활동 동아리 "
             "학교생활 봉사 강의 저서 학회활동 학회발표 연구과제 연구프로젝트 수행과제 과제수행 주요논문 발표 주요프로젝트 가족상황 "
             "해외연수 어학연수 교육이수내역 이수교육 직무교육 보훈 장애 병력 oa능력 논문 연구실적 특허 학술발표 가족 가족관계 가족사항 취업우대사항 취업우대 "
             "희망근무조건 희망조건 활동 대외활동 봉사활동 사회활동 교육이수 교육사항 교육 연수 해외경험 취미 특기 특기사항 "
             "프로젝트 추천인 신체사항 포트폴리오 기타 기타사항 publications publication patents patent "
             "references referees awards honors honours honorsandawards awardsandhonors grants grantsandawards fellowships "
             "scholarships talks invitedtalks selectedpublications journalarticles service professionalservice memberships "
             "professionalmemberships affiliations leadership leadershipandactivities leadershipexperience communityservice "
             "volunteerexperience volunteerwork activitiesandleadership mothertongue drivinglicence drivinglicense "
             "clubs clubsandsocieties 보수교육 교육수료 그밖에 경험사항 경험기술서 selectedprojects academicprojects personalprojects relevantcoursework projects additional presentations conferences "
             "volunteering activities extracurricularactivities hobbies interests coursework "
             "training teaching portfolio links additionalinformation",
}  # fmt: skip
_BY_LENGTH = sorted(
    ((word, section) for section, words in SECTIONS.items() for word in words.split()),
    key=lambda each: -len(each[0]),
)
# What may stand in a heading beside these words.
_FILLING = re.compile(r"(?:및|또는|과|와|관련|직무|주요|and|or|총|약|\d+년|\d+개월|최종학력부터|최근순|[^0-9a-z가-힣])*")
_NUMBERING = re.compile(
    r"^\s*(?:[■□◆◇●○▶▷▣◈☐★☆◎❖✔✓※*•·\-–—▪>]+|\(?\d{1,2}[.)]|[ⅠⅡⅢⅣⅤⅥⅦIVX]+\.|[가-하]\.)\s*"
)
MAX_HEADING = 34
MAX_COLUMN = 80  # forms of the European Union have long ones
_BRACKETS = re.compile(r"[(（][^)）]*[)）]")
_AND = re.compile(r"\s+및\s+|\s*[/·,]\s*")

# Column heads of tables → what their cells hold.
COLUMNS: dict[str, str] = {
    "period": "기간 일시 근무일 재직일 재학기간 근무기간 수학기간 재직기간 근속기간 학업기간 년월 period dates date years datesfromto",
    "start": "입학년월 입학일 입학 입사일 입사년월 입사 시작 시작일 from start",
    "end": "졸업년월 졸업일 퇴사일 퇴사년월 퇴사 종료 종료일 to until end",
    "school": "학교명 학교 출신학교 출신학교명 최종학교 nameandtypeoforganisationprovidingeducationandtraining "
              "nameandtypeoforganizationprovidingeducationandtraining school university institution",
    "major": "전공 학과 전공학과 학과전공 전공명 학부 학과명 전공계열 학과명전공 principalsubjectsoccupationalskillscovered principalsubjects major field fieldofstudy",
    "degree": "학위 학위구분 학력구분 학위명 titleofqualificationawarded qualification degree",
    "status": "졸업구분 졸업여부 구분졸업 졸업상태 상태 재학여부 졸업 status",
    "employer": "회사명 회사 업체 근무회사 상호 nameandaddressofemployer nameofemployer 근무처 직장명 직장 기관명 업체명 기업명 소속 소속기관 company employer "
                "organization",
    "title": "직위 직책 직급 직무 직위직급 직급직위 직무직급 직위직책 직종 보직 담당직종 occupationorpositionheld positionheld occupation position title role job jobtitle",
    "team": "부서 부서명 근무부서 department team",
    "duties": "담당업무 주요업무 업무내용 업무 담당직무 직무내용 상세업무 수행업무 주요내용 작업내용 근무내용 수행내용 주요업무및성과 담당업무및성과 담당업무내용 주요성과 성과 업적 achievements keyachievements "
              "mainactivitiesandresponsibilities "
              "mainactivities duties description "
              "responsibilities",
    "credential": "자격증명 자격증 자격명 자격면허명 자격증면허명 종류 종별 종목 종목명 자격종목 면허명 자격및면허 "
                  "certificate license licence certification",
    "named": "명칭 내용 항목 name",
    "test": "시험명 시험 어학종류 외국어종류 어학시험명 외국어시험 어학시험 외국어명 어학명 공인시험 test exam",
    "score": "점수 점수등급 등급점수 등급 급수 성적 점수급수 score level grade result",
    "when": "취득일 취득년월 취득일자 응시일 취득시기 발급일 응시년월 합격일 합격일자 발급일자 응시일자 시험일 시험일자 취득연월 일자 issued issuedon dateissued takenon",
    "kind": "구분 분류 category kind",
    "issuer": "발행처 시행기관 발급기관 시행처 기관 발급처 주관처 주관기관 주최 by issuedby issuer authority",
    "ignored": "비고 학점 평점 소재지 지역 사유 퇴사사유 이직사유 연봉 번호 순번 순 연번 현장명 발주처 시공사 공사명 typeofbusinessorsector no gpa note notes "
               "location 고용형태",
}  # fmt: skip
_COLUMN = {word: role for role, words in COLUMNS.items() for word in words.split()}

# Labels of facts about the person. "" says: known, and not to be kept.
LABELS: dict[str, str] = {
    "name": "성명 이름 국문 국문성명 국문이름 성명국문 한글 한글이름 한글성명 이름한글 성명한글 지원자 name fullname",
    "name_roman": "영문 영문이름 영문성명 영문명 이름영문 성명영문 englishname nameinenglish",
    "city": "주소 현주소 거주지 거주지역 사는곳 자택주소 address location residence",
    "birth_date": "생년월일 출생 dateofbirth birthdate born dob",
    "military_status": "병역 병역구분 병역사항 군필여부",
    "": "주민등록번호 주민번호 외국인등록번호 여권번호 연락처 전화 전화번호 휴대폰 휴대전화 핸드폰 이메일 "
        "전자우편 메일 email e-mail phone mobile tel 성별 나이 연령 사진 한자 국적 nationality gender sex "
        "혼인 결혼여부 신장 체중 종교 혈액형 보훈 장애 군별 계급 복무기간 제대구분 linkedin github website",
}  # fmt: skip
_LABEL = {word: fact for fact, words in LABELS.items() for word in words.split()}
RESIDENT_LABELS = frozenset({"주민등록번호", "주민번호", "외국인등록번호", "여권번호"})


def plain(text: str) -> str:
    """Lower case without blanks, brackets and marks: "학 교 명" → "학교명"."""
    return re.sub(r"[^0-9a-z가-힣]", "", text.lower())


def without_numbering(text: str) -> str:
    return _NUMBERING.sub("", text)


_JOBS = re.compile(r"경력|근무|employment|experience|career|appointments")


def headed(text: str) -> list[str]:
    """The sections that a heading names, in its order; empty where the text is no heading."""
    if len(text) > MAX_HEADING or ("\n" in text.strip() and len(text) > 14):
        return []
    rest = re.sub(r"\s", "", without_numbering(text).lower()).replace("&", "and")
    found: list[tuple[int, str]] = []
    for word, section in _BY_LENGTH:
        at = rest.find(word)
        if at >= 0:
            found.append((at, section))
            rest = rest[:at] + "\x00" * len(word) + rest[at + len(word) :]
    if not found or not _FILLING.fullmatch(rest):
        return []
    sections = list(dict.fromkeys(section for _at, section in sorted(found)))
    if "other" in sections and not _JOBS.search(re.sub(r"\W", "", text.lower())):
        return [each for each in sections if each != "work"]  # "경험/활동/교육", clubs among them
    return sections


def guessed(text: str) -> list[str]:
    """The section that a text's last words name, where it is known to be a heading by its looks:
    "강의 경력" → work. Empty: a part that the profile has no place for."""
    said = re.sub(r"\s", "", _BRACKETS.sub("", without_numbering(text)).lower())
    said = re.sub(r"[^0-9a-z가-힣]", "", said.replace("&", "and"))
    return next(([section] for word, section in _BY_LENGTH
                 if len(word) > 1 and said.endswith(word)), [])  # fmt: skip


def column(text: str) -> str | None:
    """What a table's column under this head holds; of "school and major", the first."""
    if len(text) > MAX_COLUMN:
        return None
    for said in (text, _BRACKETS.sub("", text), *_AND.split(text)):
        if (role := _COLUMN.get(plain(said))) is not None:
            return role
    return None


def label(text: str) -> str | None:
    """The fact that a label asks for; "" for one that is not kept, None for no label."""
    return _LABEL.get(plain(text), _LABEL.get(plain(_BRACKETS.sub("", text))))
