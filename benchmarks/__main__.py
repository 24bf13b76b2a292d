"""``make bench``: how fast, as ratios against what a user would pick instead, in one interleaved run.

Prints tables: our DOCX against stock docxtpl on the same content, our PDF against plain WeasyPrint, the pack on one
and two processes, the share of time by step, rosters, starting, many institutions, the site. Milliseconds are shown
for scale only; quote the ratios.
"""

from benchmarks.documents import compare_docx, compare_pdf
from benchmarks.packs import compare_jobs, share_by_step
from benchmarks.roster import measure_roster
from benchmarks.scale import measure_again, measure_scale, measure_starts
from benchmarks.site import measure_site
from benchmarks.timing import print_table

if __name__ == "__main__":
    print_table("DOCX：与 docxtpl 相比（同一内容）", compare_docx())
    print_table("PDF：与不作任何复用的 WeasyPrint 相比（同一内容）", compare_pdf())
    print_table("整包：一个进程与两个进程", compare_jobs())
    print_table("整包：各步所占时间", share_by_step())
    print_table("名单：读单元格，读取并核对，再按规则检查（处理器时间，最多占用内存）", measure_roster())
    print_table("启动（处理器时间）", measure_starts())
    print_table("许多机构：随机构数、考生数、进程数（DOCX）", measure_scale())
    print_table("许多机构：再做一次（DOCX）", measure_again())
    print_table("网站：随指引的份数（一次）", measure_site())
