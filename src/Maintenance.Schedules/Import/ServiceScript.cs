using System.Text;

namespace Maintenance.Schedules;

/// <summary>
/// The script of an imported service: its variables, its folder, and its commands one after the other, of which the first that fails ends
/// it. Words are as systemd cuts them, so no shell gives a character of them another meaning but where systemd replaces a variable.
/// </summary>
static class ServiceScript
{
    public static string Write(ServiceUnit service, string source)
    {
        var script = new StringBuilder("#!/bin/sh\n");
        script.Append($"# Imported from {CrontabScript.OneLine(source)} ({service.Name})\n\n");
        // No file name patterns: systemd knows none.
        script.Append("set -ef\n");
        foreach (var (name, value) in service.Environment.OrderBy(v => v.Key, StringComparer.Ordinal))
            script.Append($"export {name}={CrontabScript.Quote(value)}\n");
        var folder = service.WorkingDirectory ?? "/";
        var optional = folder.StartsWith('-');
        folder = optional ? folder[1..] : folder;
        script.Append($"cd {(folder == "~" ? "\"$HOME\"" : CrontabScript.Quote(folder))}{(optional ? " || :" : "")}\n\n");
        foreach (var command in service.Condition)
            script.Append($"{Command(command)} || exit 0\n");
        foreach (var command in service.Pre.Concat(service.Start).Concat(service.Post))
            script.Append(Command(command)).Append(command.IgnoreFailure ? " || :\n" : "\n");
        return script.ToString();
    }

    static string Command(ServiceCommand command)
    {
        var words = command.Words.Select(word => Word(word, command.Literal)).ToList();
        var program = CrontabScript.Quote(command.Executable);
        var arguments = string.Concat(words.Skip(1).Select(word => $" {word}"));
        return command.Words[0] == command.Executable
            ? program + arguments
            // A program under another name: only bash can do that.
            : $"bash -c 'exec -a \"$0\" \"$@\"' {words[0]} {program}{arguments}";
    }

    /// <summary>
    /// <c>$NAME</c> alone becomes as many words as it holds; <c>${NAME}</c> is replaced inside of a word; <c>$$</c> is <c>$</c>.
    /// </summary>
    static string Word(string word, bool literal)
    {
        if (literal || !word.Contains('$', StringComparison.Ordinal))
            return CrontabScript.Quote(word);
        if (word[0] == '$' && CrontabScript.IsName(word[1..]))
            return word;
        var (result, plain) = (new StringBuilder(), new StringBuilder());
        for (var i = 0; i < word.Length; i++)
        {
            var close = word[i] == '$' && i + 1 < word.Length && word[i + 1] == '{' ? word.IndexOf('}', i) : -1;
            if (close > 0 && CrontabScript.IsName(word[(i + 2)..close]))
            {
                Flush();
                result.Append($"\"{word[i..(close + 1)]}\"");
                i = close;
            }
            else
            {
                if (word[i] == '$' && i + 1 < word.Length && word[i + 1] == '$')
                    i++;
                plain.Append(word[i]);
            }
        }

        Flush();
        return result.ToString();

        void Flush()
        {
            if (plain.Length > 0)
                result.Append(CrontabScript.Quote(plain.ToString()));
            plain.Clear();
        }
    }
}
