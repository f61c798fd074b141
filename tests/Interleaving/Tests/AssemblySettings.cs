using Xunit.Sdk;
using Xunit.v3;

// Every exploration hands one turn around between its threads; two at a time on two cores only get into each other's way.
[assembly: Parallelization(Mode = ParallelMode.None)]
