using Maintenance.Schedules;

namespace Maintenance.Host.Cli;

/// <summary>How problems in files are said: one line each, as compilers do, so that editors can jump to them.</summary>
static class BadFiles
{
    public static void Say(IReadOnlyList<Problem> problems, Terminal terminal)
    {
        var here = Environment.CurrentDirectory;
        foreach (var problem in problems)
            terminal.Say((problem with { File = Path.GetRelativePath(here, problem.File) }).ToString());
        terminal.Say(problems.Count == 1 ? "1 problem; nothing was changed" : $"{problems.Count} problems; nothing was changed");
    }
}
