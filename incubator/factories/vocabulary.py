"""Words that names and addresses of suppliers share, so that they tell nobody apart: legal forms, trades, parts of an address."""

import re


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Legal forms, as they stand once dots are gone. They tell nobody apart.
LEGAL = words(
    """co ltd limited company corp corporation inc incorporated llc llp plc pvt private pte pty sdn bhd public pcl jsc ojsc cjsc
    gmbh ag kg kgaa ohg ug bv nv sa sas sarl sarlau sau sl slu srl srls spa snc sas saic sac sacv cv de rl sapi ltda lda eireli me epp unipessoal
    ab oy oyj as asa aps doo dd dooel ad ood eood ead kft zrt nyrt rt sro spzoo spz zoo sp z oo ooo oao zao too tbk pt cv ud
    aş sti şti san sanayi tic ticaret ve dis ith ihr ithalat ihracat ltdsti coltd pvtltd lc lp fzco fze fzc fzllc fz kk gk yk m s ms the and of y e et und"""
)
# Words that half of all factories carry. They count, but little.
COMMON = words(
    """apparel apparels garment garments clothing clothes textile textiles tekstil textil fashion fashions knit knits knitting knitwear wear
    sportswear industries industry industrial manufacturing manufacturer manufacture manufactory manufacturers factory factories enterprise
    enterprises group international intl export exports import trading trade products product mill mills works footwear shoe shoes leather
    konfeksiyon giyim imalati fabrication plastic plastics electronic electronics electric technology tech hardware home household printing
    dyeing weaving embroidery sweater sweaters denim spinning toys toy furniture metal new china shenzhen dongguan guangzhou ningbo shanghai
    jiangsu zhejiang guangdong fujian shandong wuxi suzhou hangzhou wenzhou quanzhou jinjiang xiamen fuzhou qingdao wujiang jiangyin
    zhangjiagang nantong yangzhou changzhou taizhou zhongshan huizhou foshan shaoxing jiaxing division branch unit plant"""
)
ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7"}
SHORT = {
    "rd": "road", "st": "street", "str": "street", "ave": "avenue", "av": "avenue", "blvd": "boulevard", "bldg": "building", "sok": "sokak", "sk": "sokak",
    "mah": "mahallesi", "mh": "mahallesi", "cad": "caddesi", "osb": "organize", "ind": "industrial", "indl": "industrial", "zona": "zone", "avenida": "avenue",
    "econ": "economic", "dev": "development", "prov": "province", "dist": "district", "vill": "village", "fl": "floor", "bol": "bolgesi",
}  # fmt: skip
NOISE = words(
    """road street avenue boulevard no number plot lot province district city county town village zone industrial area park floor building block
    sokak mahallesi caddesi via calle rue the of and an a"""
)
PROVINCES = words(
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 "
    "四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门"
)
ZH_COMMON = re.compile(
    "科技|实业|制造|工业|工贸|贸易|商贸|进出口|发展|电器|电子|家电|小家电|塑业|塑料|塑胶|制品|用品|日用品|服装|服饰|纺织|针织|家纺|鞋业|鞋服|家具|家居|五金|机械|模具|"
    "玩具|陶瓷|灯饰|照明|厨具|杯业|座椅|寝具|包装|印刷|皮具|箱包|文具|工艺品|母婴|食品"
)
COUNTRIES = {  # beside the names that CLDR knows
    "prchina": "CN",
    "peoplesrepublicofchina": "CN",
    "mainlandchina": "CN",
    "chinamainland": "CN",
    "中华人民共和国": "CN",
    "中国大陆": "CN",
    "hongkong": "HK",
    "chinahongkong": "HK",
    "macau": "MO",
    "taiwan": "TW",
    "usa": "US",
    "unitedstatesofamerica": "US",
    "uk": "GB",
    "turkey": "TR",
    "vietnam": "VN",
    "vietnamsr": "VN",
    "korea": "KR",
    "southkorea": "KR",
    "republicofkorea": "KR",
    "burma": "MM",
    "myanmar": "MM",
    "czechrepublic": "CZ",
    "slovakrepublic": "SK",
    "macedonia": "MK",
    "bosnia": "BA",
    "bosniaherzegovina": "BA",
    "uae": "AE",
    "laos": "LA",
    "russia": "RU",
}  # fmt: skip
