package wasmshrink

import (
	"encoding/binary"
	"fmt"
)

type opcode uint16

// The instructions that are looked at. Those with the prefix 0xFC are 0xFC00 and more.
const (
	opUnreachable  opcode = 0x00
	opBlock        opcode = 0x02
	opLoop         opcode = 0x03
	opIf           opcode = 0x04
	opElse         opcode = 0x05
	opEnd          opcode = 0x0b
	opBr           opcode = 0x0c
	opBrIf         opcode = 0x0d
	opBrTable      opcode = 0x0e
	opReturn       opcode = 0x0f
	opCall         opcode = 0x10
	opCallIndirect opcode = 0x11
	opDrop         opcode = 0x1a
	opSelect       opcode = 0x1b
	opLocalGet     opcode = 0x20
	opLocalSet     opcode = 0x21
	opLocalTee     opcode = 0x22
	opGlobalGet    opcode = 0x23
	opGlobalSet    opcode = 0x24
	opI32Load      opcode = 0x28
	opI64Load      opcode = 0x29
	opI32Load8U    opcode = 0x2d
	opI32Store     opcode = 0x36
	opI64Store     opcode = 0x37
	opI64Store32   opcode = 0x3e
	opMemorySize   opcode = 0x3f
	opMemoryGrow   opcode = 0x40
	opI32Const     opcode = 0x41
	opI64Const     opcode = 0x42
	opF32Const     opcode = 0x43
	opF64Const     opcode = 0x44
	opI32Eqz       opcode = 0x45
	opI64Eqz       opcode = 0x50
	opI32LtU       opcode = 0x49
	opI32Add       opcode = 0x6a
	opI32Sub       opcode = 0x6b
	opI32Mul       opcode = 0x6c
	opI64Add       opcode = 0x7c
	opI64ExtendU   opcode = 0xad
	opSignExtend5  opcode = 0xc4 // the last of those of one byte
	opMemoryCopy   opcode = 0xfc0a
	opMemoryFill   opcode = 0xfc0b

	// What the layout of a Go function says in several instructions.
	opJump     opcode = 0xff00 // to the segment a
	opJumpIf   opcode = 0xff04 // the same if the value is not 0
	opUnwindIf opcode = 0xff01 // if the value is not 0, return 1
	opPush     opcode = 0xff02 // the return address with PC_B a
	opUnwindBy opcode = 0xff03 // return what function b returns, which is called from PC_B a
)

const emptyType = 0x40 // of a block

// An instr is an instruction with its immediates, as many as it has.
type instr struct {
	op    opcode
	a, b  int64
	table []uint32 // targets of br_table, the default last
}

// parseInstrs takes an expression apart.
func parseInstrs(b []byte) ([]instr, error) {
	r := &reader{b: b}
	code := make([]instr, 0, len(b)/2)
	for !r.done() {
		i := instr{op: opcode(r.byte())}
		switch op := i.op; {
		case op == opBlock || op == opLoop || op == opIf:
			i.a = int64(r.byte())
		case op == opBr || op == opBrIf || op == opCall || op >= opLocalGet && op <= opGlobalSet:
			i.a = int64(r.unsigned())
		case op == opBrTable:
			for n := r.count(); n >= 0; n-- {
				i.table = append(i.table, uint32(r.unsigned()))
			}
		case op == opCallIndirect || op >= opI32Load && op <= opI64Store32:
			i.a, i.b = int64(r.unsigned()), int64(r.unsigned())
		case op == opMemorySize || op == opMemoryGrow:
			i.a = int64(r.byte())
		case op == opI32Const || op == opI64Const:
			i.a = r.signed()
		case op == opF32Const:
			if v := r.bytes(4); v != nil {
				i.a = int64(binary.LittleEndian.Uint32(v))
			}
		case op == opF64Const:
			if v := r.bytes(8); v != nil {
				i.a = int64(binary.LittleEndian.Uint64(v))
			}
		case op == 0xfc:
			i.op = 0xfc00 | opcode(r.unsigned())
			switch {
			case i.op < 0xfc08:
			case i.op == opMemoryCopy:
				i.a, i.b = int64(r.byte()), int64(r.byte())
			case i.op == opMemoryFill:
				i.a = int64(r.byte())
			default:
				r.fail(fmt.Errorf("wasmshrink: instruction %#x is not known", uint16(i.op)))
			}
		case op <= 1 || op == opElse || op == opEnd || op == opReturn || op == opDrop || op == opSelect || op > opF64Const && op <= opSignExtend5:
		default:
			r.fail(fmt.Errorf("wasmshrink: instruction %#x is not known", uint16(op)))
		}
		code = append(code, i)
	}
	return code, r.err
}

func appendInstrs(b []byte, code ...instr) []byte {
	for _, i := range code {
		if i.op >= 0xfc00 {
			b = appendUnsigned(append(b, 0xfc), uint64(i.op&0xff))
		} else {
			b = append(b, byte(i.op))
		}
		switch op := i.op; {
		case op == opBlock || op == opLoop || op == opIf || op == opMemorySize || op == opMemoryGrow || op == opMemoryFill:
			b = append(b, byte(i.a))
		case op == opBr || op == opBrIf || op == opCall || op >= opLocalGet && op <= opGlobalSet:
			b = appendUnsigned(b, uint64(i.a))
		case op == opBrTable:
			b = appendUnsigned(b, uint64(len(i.table)-1))
			for _, t := range i.table {
				b = appendUnsigned(b, uint64(t))
			}
		case op == opCallIndirect || op >= opI32Load && op <= opI64Store32:
			b = appendUnsigned(appendUnsigned(b, uint64(i.a)), uint64(i.b))
		case op == opI32Const || op == opI64Const:
			b = appendSigned(b, i.a)
		case op == opF32Const:
			b = binary.LittleEndian.AppendUint32(b, uint32(i.a))
		case op == opF64Const:
			b = binary.LittleEndian.AppendUint64(b, uint64(i.a))
		case op == opMemoryCopy:
			b = append(b, byte(i.a), byte(i.b))
		}
	}
	return b
}
