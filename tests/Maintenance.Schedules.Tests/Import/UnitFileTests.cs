using System.Text;

namespace Maintenance.Schedules.Tests.Import;

/// <summary>What the recorded timers leave out of systemd's grammar; the expectations are what systemd 252 makes of each.</summary>
public sealed class UnitFileTests
{
    [Theory]
    [InlineData("90", 90)]
    [InlineData("1h30", 3630)]
    [InlineData("1M", 2_629_800)]
    [InlineData("1y 2w", 32_767_200)]
    [InlineData("5us", 0.000005)]
    [InlineData("1month2days", 2_802_600)]
    [InlineData("1 h", 3600)]
    [InlineData("3 sec 4", 7)]
    [InlineData("7msec", 0.007)]
    [InlineData("0", 0)]
    public void A_time_span_is_read(string text, double seconds) => Assert.Equal((decimal)seconds, UnitTimeSpan.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("12.34.56")]
    [InlineData("3.")]
    [InlineData("1H")]
    public void What_is_no_time_span_is_refused(string text) => Assert.Null(UnitTimeSpan.Parse(text));

    [Theory]
    [InlineData("/bin/echo one ; /bin/echo two", "/bin/echo|one\n/bin/echo|two")]
    [InlineData(@"/bin/echo one \; two a;b", "/bin/echo|one|;|two|a;b")]
    [InlineData("/bin/echo 'a b'c \"d\"", "/bin/echo|a bc|d")]
    [InlineData(@"/bin/echo \q \101 \u00e4", @"/bin/echo|\q|A|ä")]
    [InlineData("//usr//bin/env  x ", "/usr/bin/env|x")]
    [InlineData("env %n %p %i %%", "env|clean@srv.service|clean|srv|%")]
    public void A_command_is_cut_into_words(string line, string words) =>
        Assert.Equal(words, string.Join('\n', Service($"Type=oneshot\nExecStart={line}\n").Start.Select(c => string.Join('|', c.Words))));

    [Theory]
    [InlineData("ExecStart=bin/x\n", 2)]
    [InlineData("ExecStart=/bin/\n", 2)]
    [InlineData("ExecStart=/bin/echo 'open\n", 2)]
    [InlineData("ExecStart=/bin/a\nExecStart=/bin/b\n", 3)]
    [InlineData("Environment=A=1\n", 0)]
    public void A_service_that_systemd_refuses_says_which_line_is_to_blame(string lines, int line)
    {
        var refusal = Service(lines).Refusal;

        Assert.NotNull(refusal);
        Assert.Equal(line, refusal.Line);
    }

    [Fact]
    public void Drop_ins_are_read_behind_the_unit_in_the_order_of_their_names()
    {
        UnitDropIn[] dropIns =
        [
            new("20-more.conf", "[Timer]\nOnCalendar=hourly\nOnCalendar=soon\n"u8.ToArray()),
            new("10-other.conf", "[Timer]\nOnCalendar=\nOnCalendar=weekly\nPersistent=yes\n"u8.ToArray()),
        ];

        var timer = TimerUnit.Parse("[Timer]\nOnCalendar=daily\n"u8, "a.timer", dropIns);

        Assert.Equal(["weekly", "hourly"], timer.OnCalendar.Select(e => e.Expression.Text));
        Assert.True(timer.Persistent);
        Assert.Equal((0, true), Assert.Single(timer.Ignored) is var ignored ? (ignored.Line, ignored.Reason.StartsWith("20-more.conf, line 3: OnCalendar=soon", StringComparison.Ordinal)) : default);
        Assert.Equal("/bin/b", Assert.Single(ServiceUnit.Parse("[Service]\nExecStart=/bin/a\n"u8, "a.service", [new("x.conf", "[Service]\nExecStart=\nExecStart=/bin/b\n"u8.ToArray())]).Start).Executable);
    }

    [Fact]
    public void A_failing_command_that_may_fail_is_left_out() =>
        Assert.Equal(["/bin/ok"], Service("Type=oneshot\nExecStart=-bin/x\nExecStart=/bin/ok\n").Start.Select(c => c.Words[0]));

    [Fact]
    public void Lines_go_on_behind_a_backslash_over_comments_and_with_carriage_returns()
    {
        var service = Service("ExecStart=/bin/echo one \\\r\n# between\r\n  two\r\nUser=www\r\n");

        Assert.Equal(["/bin/echo", "one", "two"], service.Start[0].Words);
        Assert.Equal("www", service.User);
    }

    [Fact]
    public void Variables_that_are_none_are_left_out_and_the_last_one_counts()
    {
        var service = Service("ExecStart=/bin/true\nEnvironment=A=1 2B=x NOTHING \"C=c c\" A=2\nEnvironment=D=\"open\n");

        Assert.Equal("A=2 C=c c", string.Join(' ', service.Environment.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key}={v.Value}")));
        Assert.Equal(3, service.Ignored.Count);
    }

    [Fact]
    public void Lines_of_a_timer_that_say_nothing_are_listed()
    {
        var timer = TimerUnit.Parse("stray=1\n[Timer]\nOnCalendar=daily\nOnFullMoon=yes\nX-Ours=1\nnothing\nWakeSystem=true\nUnit=other.service\n"u8, "a.timer");

        Assert.Equal([1, 4, 6], timer.Ignored.Select(i => i.Line));
        Assert.Equal("other.service", timer.Unit);
    }

    [Fact]
    public void The_due_times_of_several_expressions_come_in_order_and_once()
    {
        var timer = TimerUnit.Parse("[Timer]\nOnCalendar=*:0/30\nOnCalendar=hourly\n"u8, "a.timer");

        Assert.Equal(
            ["00:30", "01:00", "01:30"],
            timer.After(DateTimeOffset.UnixEpoch, Zone.Utc).Take(3).Select(t => t.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture)));
    }

    static ServiceUnit Service(string lines) => ServiceUnit.Parse(Encoding.UTF8.GetBytes("[Service]\n" + lines), "clean@srv.service");
}
