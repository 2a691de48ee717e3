using System.Globalization;
using System.Text;
using Delivery.Contracts.Dkim;

namespace Delivery.Cli.Dkim;

/// <summary>What the operator does with the keys of one folder. A Mta that runs on it sees what changes by itself.</summary>
/// <param name="output">What is told, without anything secret.</param>
internal sealed class DkimFolder(string folder, TextWriter output)
{
    private static readonly CompositeFormat Row = CompositeFormat.Parse("{0,-32} {1,-20} {2,-8} {3}");

    /// <summary>Makes a key, unless the selector has one, and tells its record.</summary>
    /// <exception cref="LaunchException">The names do not fit, or the key that is there is not fit to sign with.</exception>
    public void Create(string domain, string selector, int bits, bool standby)
    {
        var file = Named(domain, selector);
        if (DkimKeyFile.Find(folder, file.Domain, file.Selector) is { } known)
        {
            file = known;
            output.WriteLine($"This key is there already, and stays as it is ({Name(file.State)}): {file.Path}");
        }
        else
        {
            file = file with { State = standby ? DkimKeyState.Standby : DkimKeyState.Active };
            DkimPrivateKey.Create(file, bits);
            output.WriteLine($"New key of {bits} bits: {file.Path}");
        }

        if (file.State == DkimKeyState.Active)
            output.WriteLine($"Mail from {file.Domain} and the domains below it is signed with it, within seconds where the Mta runs.");
        else
            output.WriteLine($"It is not used until: ./delivery dkim use {file.Domain} {file.Selector}");
        Tell(file);
    }

    /// <exception cref="LaunchException">There is no such key, or it is not fit to sign with.</exception>
    public void Show(string domain, string selector)
    {
        var file = Find(domain, selector);
        output.WriteLine($"{Name(file.State)}: {file.Path}");
        Tell(file);
    }

    /// <summary>One line a key, with what is wrong with it.</summary>
    public void List()
    {
        var files = DkimKeyFile.List(folder);
        if (files.Count == 0)
            output.WriteLine($"No keys in {folder}: ./delivery dkim new DOMAIN SELECTOR makes one");
        foreach (var file in files)
            output.WriteLine(string.Format(CultureInfo.InvariantCulture, Row, file.Domain, file.Selector, Name(file.State), Describe(file)));
    }

    /// <exception cref="LaunchException">There is no such key, or it is not fit to sign with.</exception>
    public void Use(string domain, string selector)
    {
        var file = Find(domain, selector);
        using (Read(file))
            Move(file, DkimKeyState.Active);
        output.WriteLine($"{file.Selector} of {file.Domain} is active: mail is signed with {Others(file, "it alone", "it, and with")}.");
    }

    /// <exception cref="LaunchException">There is no such key.</exception>
    public void Retire(string domain, string selector)
    {
        var file = Find(domain, selector);
        Move(file, DkimKeyState.Retired);
        output.WriteLine($"{file.Selector} of {file.Domain} is retired: mail is signed with {Others(file, "no key of this domain any more", "")}.");
        output.WriteLine($"Leave its record {DkimNames.RecordName(file.Domain, file.Selector)} in DNS for a week: mail that it signed may still be on its way.");
    }

    private string Others(DkimKeyFile file, string none, string lead)
    {
        var others = DkimKeyFile.List(folder).Where(other => other.Domain == file.Domain && other.State == DkimKeyState.Active && other.Selector != file.Selector)
            .Select(other => other.Selector).ToList();
        return others.Count == 0 ? none : $"{lead} {string.Join(", ", others)}".Trim();
    }

    private void Tell(DkimKeyFile file)
    {
        using var key = Read(file);
        var record = DkimRecord.Of(file, key);
        output.WriteLine();
        output.WriteLine("This TXT record belongs into DNS. In a web form:");
        output.WriteLine();
        output.WriteLine($"name:  {record.Name}");
        output.WriteLine($"value: {record.Value}");
        output.WriteLine();
        output.WriteLine("In a zone file:");
        output.WriteLine();
        output.WriteLine(record.ZoneLine);
    }

    private static string Describe(DkimKeyFile file)
    {
        try
        {
            using var key = DkimPrivateKey.Read(file);
            return string.Create(CultureInfo.InvariantCulture, $"{key.KeySize} bits");
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
    }

    private static System.Security.Cryptography.RSA Read(DkimKeyFile file)
    {
        try
        {
            return DkimPrivateKey.Read(file);
        }
        catch (InvalidDataException e)
        {
            throw new LaunchException(e.Message);
        }
    }

    private static void Move(DkimKeyFile file, DkimKeyState state)
    {
        if (file.State != state)
            File.Move(file.Path, (file with { State = state }).Path, overwrite: false);
    }

    private DkimKeyFile Find(string domain, string selector)
    {
        var named = Named(domain, selector);
        return DkimKeyFile.Find(folder, named.Domain, named.Selector)
            ?? throw new LaunchException($"{folder} has no key {named.Selector} of {named.Domain}; ./delivery dkim list shows those there are");
    }

    /// <summary>As DNS and the folder write it.</summary>
    private DkimKeyFile Named(string domain, string selector)
    {
        try
        {
            domain = new IdnMapping().GetAscii(domain.TrimEnd('.')).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            throw new LaunchException($"'{domain}' is no domain: write it as example.com");
        }

        selector = selector.ToLowerInvariant();
        return DkimNames.Check(domain, selector) is { } fault
            ? throw new LaunchException(fault)
            : new DkimKeyFile(folder, domain, selector, DkimKeyState.Active);
    }

    private static string Name(DkimKeyState state) => state switch
    {
        DkimKeyState.Standby => "standby",
        DkimKeyState.Retired => "retired",
        _ => "active",
    };
}
