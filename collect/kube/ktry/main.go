package main
import ("context";"fmt";"os";"strings";"time"
"k8s.io/client-go/tools/clientcmd"
"github.com/crashproof-dev/crashproof/collect/kube"
"github.com/crashproof-dev/crashproof/evidence")
func main(){
 cfg,err:=clientcmd.BuildConfigFromFlags("",os.Getenv("KUBECONFIG")); if err!=nil{panic(err)}
 o:=kube.Options{}
 if len(os.Args)>2 { k,n,_:=strings.Cut(os.Args[2],"/"); o.Namespace=os.Args[1]; o.Target=evidence.Target{Kind:k,Name:n}} else if len(os.Args)>1 {o.Namespace=os.Args[1]} else {o.AllNamespaces=true}
 if os.Getenv("V")!="" {o.Progress=func(d,t int,w string){fmt.Fprintln(os.Stderr,d,t,w)}}
 c,err:=kube.New(cfg,o); if err!=nil{fmt.Println(err);os.Exit(1)}
 t0:=time.Now(); s,err:=c.Collect(context.Background()); d:=time.Since(t0)
 if err!=nil{fmt.Println("ERR",err);os.Exit(1)}
 fmt.Println("took",d,"calls",s.Calls,"logs",s.LogReads,"target",s.Target,"cluster",s.Cluster,"at",s.CapturedAt)
 fmt.Println("rows",len(s.Population.Rows),"nodes",len(s.Population.Nodes),s.Population.Complete,"events",len(s.Events),s.EventsListed,"usage",len(s.Usage))
 for _,r:=range s.Population.Rows{ if r.Symptom!="" {fmt.Println(" sick",r.Namespace,r.Pod,r.WorkloadKind,r.Workload,r.Revision,r.Symptom,r.SickContainers,r.Active)}}
 for _,x:=range s.Objects{fmt.Println(" obj",x.Key(),x.APIVersion,len(x.Raw))}
 for _,x:=range s.Samples{fmt.Printf(" sample %+v\n",x)}
 for _,l:=range s.Logs{t:=l.Text; if len(t)>90{t=t[:90]}; fmt.Printf(" log %s prev=%v sure=%v head=%v tail=%v skip=%d bytes=%d r=%d %s..%s %q\n",l.Instance,l.Previous,l.Sure,l.Head,l.Tail,l.Skip,l.Bytes,l.Instance.Restart,l.Instance.Start.Format("15:04:05"),l.Instance.Finish.Format("15:04:05"),t)}
 for _,g:=range s.Gaps{fmt.Println(" gap",g)}
 if os.Getenv("PLAN")!="" { var plan []evidence.Request; ns:=os.Getenv("PLANNS"); for _,w:=range strings.Split(os.Getenv("PLAN"),","){ w,n,_:=strings.Cut(w,"/"); plan=append(plan,evidence.Request{What:w,Namespace:ns,Name:n})}
  n:=len(s.Objects); t0=time.Now(); err=c.Follow(context.Background(),s,plan); fmt.Println("follow",time.Since(t0),err,"objects",n,"->",len(s.Objects),"calls",s.Calls,"logs",len(s.Logs)); for _,x:=range s.Objects{fmt.Println(" obj",x.Key(),x.APIVersion)}; for _,g:=range s.Gaps{fmt.Println(" gap",g)} }
}
