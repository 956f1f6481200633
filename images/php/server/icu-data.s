# ICU's common data with no entries: a header (UDataInfo in ICU's udata.h) and an empty table of contents.
	.section .rodata
	.globl	icudtRELEASE_dat
	.type	icudtRELEASE_dat, %object
	.balign	16
icudtRELEASE_dat:
	.short	32		# size of the header
	.byte	0xda, 0x27	# magic number
	.short	20, 0		# size of what follows up to the padding; reserved
	.byte	0, 0, 2, 0	# little endian, ASCII, two bytes a character, reserved
	.ascii	"ToCP"		# a table of contents with pointers
	.byte	1, 0, 0, 0	# version of the format
	.byte	0, 0, 0, 0	# version of the data
	.zero	8
	.long	0, 0		# number of entries; end of the table
	.size	icudtRELEASE_dat, . - icudtRELEASE_dat
