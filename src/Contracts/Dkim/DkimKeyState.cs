namespace Delivery.Contracts.Dkim;

/// <summary>What a DKIM key is for; the end of its file's name says it.</summary>
public enum DkimKeyState
{
    /// <summary><c>SELECTOR.pem</c>: mail of the domain is signed with it.</summary>
    Active,

    /// <summary><c>SELECTOR.pem.standby</c>: made, its record perhaps in DNS, not used yet.</summary>
    Standby,

    /// <summary><c>SELECTOR.pem.retired</c>: not used any more; its record stays in DNS for as long as mail signed with it is on its way.</summary>
    Retired,
}
