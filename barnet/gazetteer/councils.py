"""Which council a district code of the Office for National Statistics belongs to: London, Hertfordshire and the
districts next to them, from which people come to us by mistake. A code that is not here has no name."""

OURS = "E09000003"

_LONDON_BOROUGHS = """
    Barking and Dagenham|Barnet|Bexley|Brent|Bromley|Camden|Croydon|Ealing|Enfield|Greenwich|Hackney|Hammersmith and
    Fulham|Haringey|Harrow|Havering|Hillingdon|Hounslow|Islington|Kensington and Chelsea|Kingston upon
    Thames|Lambeth|Lewisham|Merton|Newham|Redbridge|Richmond upon Thames|Southwark|Sutton|Tower Hamlets|Waltham
    Forest|Wandsworth|Westminster
"""
COUNCILS = {
    "E09000001": "City of London Corporation",
    **{
        f"E090000{number:02}": f"{' '.join(name.split())} Council"
        for number, name in enumerate(_LONDON_BOROUGHS.split("|"), start=2)
    },
    "E06000060": "Buckinghamshire Council",
    "E07000072": "Epping Forest District Council",
    "E07000095": "Broxbourne Borough Council",
    "E07000096": "Dacorum Borough Council",
    "E07000098": "Hertsmere Borough Council",
    "E07000099": "North Hertfordshire Council",
    "E07000102": "Three Rivers District Council",
    "E07000103": "Watford Borough Council",
    "E07000240": "St Albans City and District Council",
    "E07000241": "Welwyn Hatfield Borough Council",
    "E07000242": "East Hertfordshire District Council",
    "E07000243": "Stevenage Borough Council",
}
