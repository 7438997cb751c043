"""Where Django's Korean forms are not what Korean readers write: 오후 4:20, not 4:20 오후."""

DATETIME_FORMAT = "Y년 n월 j일 A g:i"
TIME_FORMAT = "A g:i"
SHORT_DATE_FORMAT = "Y년 n월 j일"
SHORT_DATETIME_FORMAT = "Y-n-j H:i"
