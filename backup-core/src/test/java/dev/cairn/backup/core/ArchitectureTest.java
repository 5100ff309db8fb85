package dev.cairn.backup.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.cairn.backup.BackupException;
import java.time.Instant;
import java.util.Set;

/** The arrows between the modules and what each must not touch. */
@AnalyzeClasses(packages = "dev.cairn.backup", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String CORE = "dev.cairn.backup.core..";
    private static final String FS = "dev.cairn.backup.fs..";
    private static final String SQLITE = "dev.cairn.backup.sqlite..";
    private static final String TESTKIT = "dev.cairn.backup.testkit..";
    private static final String SPI = "dev.cairn.backup.spi..";
    private static final String CURSOR = "dev.cairn.backup.cursor..";
    private static final String LIFECYCLE = "dev.cairn.backup.lifecycle..";

    @ArchTest
    static final ArchRule CORE_NEVER_TOUCHES_A_DISK = noClasses()
            .that()
            .resideInAPackage(CORE)
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.nio.file.Files")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.io.File")
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage("java.nio.channels..")
            .because("all its input and output goes through blob stores and datasets");

    @ArchTest
    static final ArchRule CORE_SEES_ONLY_THE_API = noClasses()
            .that()
            .resideInAPackage(CORE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(FS, SQLITE, TESTKIT);

    @ArchTest
    static final ArchRule THE_API_SEES_NO_OTHER_MODULE = noClasses()
            .that()
            .resideInAnyPackage("dev.cairn.backup", SPI, CURSOR, LIFECYCLE)
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("dev.cairn.backup", SPI, CURSOR, LIFECYCLE, "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule THE_API_DOES_NO_WORK = noClasses()
            .that()
            .resideInAnyPackage("dev.cairn.backup", SPI, CURSOR, LIFECYCLE)
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.nio.file.Files")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.concurrent.Executors");

    /** Asking a thread for its interrupt flag, and setting it again, starts nothing and waits for nothing. */
    private static final DescribedPredicate<JavaAccess<?>> USE_OF_A_THREAD = DescribedPredicate.describe(
            "use of a thread beyond its interrupt flag",
            access -> access.getTargetOwner().isAssignableTo(Thread.class)
                    && !Set.of("currentThread", "interrupt", "interrupted", "isInterrupted")
                            .contains(access.getName()));

    @ArchTest
    static final ArchRule CURSORS_AND_LIFECYCLE_ARE_PURE = noClasses()
            .that()
            .resideInAnyPackage(CURSOR, LIFECYCLE)
            .and()
            .doNotHaveFullyQualifiedName("dev.cairn.backup.lifecycle.ShutdownHook")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.io..", "java.nio..", "java.net..")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching("java\\.time\\.Clock|java\\.lang\\.(Runtime|Process.*)|java\\.util\\.Timer"
                    + "|java\\.util\\.concurrent\\.locks\\.LockSupport|java\\.util\\.concurrent\\.ForkJoinPool"
                    + "|java\\.util\\.concurrent\\.CompletableFuture")
            .orShould()
            .accessTargetWhere(USE_OF_A_THREAD)
            .orShould()
            .beAssignableTo(Thread.class)
            .because("they are tested in virtual time: hosts hand in instants, tickers, waiters and executors");

    @ArchTest
    static final ArchRule FILES_SEE_ONLY_THE_API = noClasses()
            .that()
            .resideInAPackage(FS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CORE, SQLITE, TESTKIT);

    @ArchTest
    static final ArchRule SQLITE_SEES_ONLY_THE_API_AND_FILES = noClasses()
            .that()
            .resideInAPackage(SQLITE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CORE, TESTKIT);

    @ArchTest
    static final ArchRule THE_TESTKIT_SEES_ONLY_THE_API = noClasses()
            .that()
            .resideInAPackage(TESTKIT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CORE, FS, SQLITE);

    @ArchTest
    static final ArchRule FILES_GO_THROUGH_NIO = noClasses()
            .that()
            .resideInAnyPackage(FS, CORE)
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.io\\.(File|RandomAccessFile|FileInputStream|FileOutputStream)")
            .because("a crash file system must see every write, force, link, move and delete");

    @ArchTest
    static final ArchRule THE_ROOMS_OF_CORE_HAVE_NO_CYCLES =
            slices().matching("dev.cairn.backup.core.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule EXCEPTIONS_ARE_TYPED = classes()
            .that()
            .resideInAnyPackage("dev.cairn.backup", CURSOR, LIFECYCLE)
            .and()
            .areAssignableTo(RuntimeException.class)
            .should()
            .beAssignableTo(BackupException.class);

    @ArchTest
    static final ArchRule NO_ROOM_IS_A_DRAWER = noClasses()
            .should()
            .resideInAnyPackage(
                    "..util..", "..utils..", "..common..", "..helper..", "..helpers..", "..misc..", "..impl..");
}
