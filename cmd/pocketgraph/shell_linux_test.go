package main

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// person is somebody at a pseudo-terminal on which the shell runs.
type person struct {
	t        *testing.T
	keyboard *os.File
	shell    *exec.Cmd
	mu       sync.Mutex
	screen   strings.Builder // everything that was printed
	read     int             // how much of it was waited for
}

// sit starts the command on a terminal of 80 columns.
func sit(t *testing.T, args ...string) *person {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("this machine has no pseudo-terminals: ", err)
	}
	require.NoError(t, unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	require.NoError(t, err)
	require.NoError(t, unix.IoctlSetWinsize(int(master.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 25, Col: 80}))
	terminal, err := os.OpenFile("/dev/pts/"+strconv.Itoa(number), os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	p := &person{t: t, keyboard: master, shell: command(args...)}
	p.shell.Env = append(p.shell.Env, "TERM=xterm", "XDG_CACHE_HOME="+t.TempDir())
	p.shell.Stdin, p.shell.Stdout, p.shell.Stderr = terminal, terminal, terminal
	p.shell.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	require.NoError(t, p.shell.Start())
	require.NoError(t, terminal.Close())
	go p.watch()
	t.Cleanup(func() {
		_ = p.shell.Process.Kill() // it has ended, if the test went well
		_ = master.Close()
	})
	return p
}

// watch is the terminal's part: it keeps what is printed, and answers.
func (p *person) watch() {
	buffer := make([]byte, 4096)
	for {
		n, err := p.keyboard.Read(buffer)
		p.mu.Lock()
		p.screen.Write(buffer[:n])
		p.mu.Unlock()
		for range strings.Count(string(buffer[:n]), "\x1b[6n") { // where is the cursor? in the first column
			_, _ = p.keyboard.WriteString("\x1b[1;1R") // fails only after the shell has ended
		}
		if err != nil {
			return
		}
	}
}

func (p *person) types(keys string) {
	p.t.Helper()
	_, err := p.keyboard.WriteString(keys)
	require.NoError(p.t, err)
}

// sees waits until a text is printed after the one it saw last.
func (p *person) sees(text string) {
	p.t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for time.Now().Before(deadline) {
		p.mu.Lock()
		at := strings.Index(p.screen.String()[p.read:], text)
		if at >= 0 {
			p.read += at + len(text)
		}
		p.mu.Unlock()
		if at >= 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	rest := p.screen.String()[p.read:]
	p.t.Fatalf("no %q in what ends with %q", text, rest[max(0, len(rest)-500):])
}

const (
	prompt = "pocketgraph> "
	ctrlC  = "\x03"
	ctrlD  = "\x04"
)

const endlessQuery = "UNWIND range(1, 1000) AS a UNWIND range(1, 1000) AS b UNWIND range(1, 1000) AS c RETURN a, b, c"

func TestShellWithAPerson(t *testing.T) {
	dir := people(t)
	p := sit(t, "shell", dir)
	p.sees("recovered to sequence 1")
	p.sees("Type :help for help.")
	p.sees(prompt)

	p.types("MATCH (p:Person)\r")
	p.sees("... ")
	p.types("RETURN p.name AS name;\r")
	p.sees("│ 'Ada' │")
	p.sees("2 rows, ")
	p.sees(" ms")
	p.sees(prompt)

	p.types("RETURN\r")
	p.sees("... ")
	p.types(ctrlC) // drops what was typed
	p.sees(prompt)
	p.types("RETURN 40 + 2 AS answer;\r")
	p.sees("│     42 │")
	p.sees(prompt)

	// Ctrl-C ends the query that runs, twice, and never the shell.
	for range 2 {
		p.types(endlessQuery + ";\r")
		p.sees("┌") // it runs
		p.types(ctrlC)
		p.sees("CANCELLED")
		p.sees(prompt)
	}
	p.types(":check\r")
	p.sees("no invariant is broken")
	p.sees(prompt)
	p.types("RETURN '" + strings.Repeat("wide ", 40) + "' AS w;\r")
	p.sees("… │")
	p.sees(prompt)
	p.types(ctrlD)
	require.NoError(t, p.shell.Wait())
	require.Contains(t, good(t, "check", dir), "recovered to sequence 1")
}

func TestCtrlCEndsACommand(t *testing.T) {
	dir := people(t)
	p := sit(t, "query", dir, endlessQuery)
	p.sees("┌") // it runs
	p.types(ctrlC)
	p.sees("CANCELLED")
	var exit *exec.ExitError
	require.ErrorAs(t, p.shell.Wait(), &exit)
	require.Equal(t, exitFailed, exit.ExitCode())
	require.Contains(t, good(t, "check", dir), "no invariant is broken")
}
