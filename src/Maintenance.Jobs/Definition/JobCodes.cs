namespace Maintenance.Jobs.Definition;

/// <summary>Numbers of the problems of job.json (JOB020…); smaller ones come from the shared reader.</summary>
static class JobCodes
{
    public const int NoSteps = 20;
    public const int DuplicateName = 21;
    public const int NoKind = 22;
    public const int FileMissing = 24;
    public const int NotExecutable = 25;
    public const int NoInterpreter = 26;
    public const int UnknownReference = 27;
    public const int BadReference = 28;
    public const int BadVariableName = 29;
    public const int BadSecret = 31;
    public const int BadDefault = 32;
    public const int BadPattern = 33;
    public const int TooLarge = 34;
    public const int NotText = 35;
    public const int OutsideFolder = 37;
    public const int NotForThisKind = 38;
    public const int BadCondition = 39;
    public const int NoInventory = 40;
    public const int ReferenceInStatement = 41;
    public const int UnknownJob = 42;
    public const int BadSize = 50;
    public const int LockOrder = 60;
    public const int BadLock = 61;
    public const int BadApprover = 62;
}
