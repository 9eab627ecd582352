package querybench
import ("testing";"fmt";"github.com/pocketgraph/pocketgraph/cypher")
func TestX(t *testing.T){ s:=social(t); e:=cypher.NewEngine(cypher.Config{})
for _,w:=range works { st,_:=e.Prepare("PROFILE "+w.text); rows,err:=e.Run(&cypher.Runtime{Reader:s},st,parameters(w.ids,1)); if err!=nil{t.Fatal(err)}
for { b,err:=rows.Next(); if err!=nil{t.Fatal(err)}; if b==nil{break}; if b.Len<12 { for c:=range b.Columns { for i:=0;i<b.Len;i++ { fmt.Print(b.Columns[c][i].AsInt()," ") } } ; fmt.Println() } }; rows.Close(); fmt.Println(rows.Plan()) } }
